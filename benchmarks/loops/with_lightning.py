# noqa: INP001 - a program's part, run by the interpreter of the libraries
"""Lightning, everything switched off that writes or prints."""

import lightning
import torch
from network import BATCH, CLASSES, network
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchmetrics import Accuracy


class Classifier(lightning.LightningModule):
    """What a step is."""

    def __init__(self):
        super().__init__()
        self.network = network()
        self.loss_of = nn.CrossEntropyLoss()
        self.accuracy = Accuracy("multiclass", num_classes=CLASSES)
        self.val_accuracy = Accuracy("multiclass", num_classes=CLASSES)

    def training_step(self, batch):
        """Return the loss of a batch."""
        inputs, targets = batch
        outputs = self.network(inputs)
        loss = self.loss_of(outputs, targets)
        self.accuracy(outputs, targets)
        self.log("loss", loss, on_step=False, on_epoch=True)
        self.log("accuracy", self.accuracy, on_step=False, on_epoch=True)
        return loss

    def validation_step(self, batch):
        """Note the results of a batch."""
        inputs, targets = batch
        outputs = self.network(inputs)
        self.val_accuracy(outputs, targets)
        self.log("val_loss", self.loss_of(outputs, targets))
        self.log("val_accuracy", self.val_accuracy)

    def configure_optimizers(self):
        """Return what updates."""
        return torch.optim.Adam(self.parameters(), lr=0.001)


class History(lightning.Callback):
    """Keeps the results of each epoch."""

    def __init__(self):
        self.epochs = []

    def on_train_epoch_end(self, trainer, _module):
        """Keep what was logged."""
        self.epochs.append({name: value.item() for name, value in trainer.callback_metrics.items()})


def train(x, y, x_val, y_val, epochs):
    """Train for some epochs; return loss and accuracy of each, in training and in validation."""
    history = History()
    trainer = lightning.Trainer(
        accelerator="cpu",
        max_epochs=epochs,
        callbacks=[history],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )
    trainer.fit(
        Classifier(),
        DataLoader(TensorDataset(x, y), BATCH, shuffle=True),
        DataLoader(TensorDataset(x_val, y_val), BATCH),
    )
    return history.epochs
