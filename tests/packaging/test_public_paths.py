"""What programs, other packages and the scripts in reports import stays where it is."""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from fitspec import conformance, reference
from fitspec.conformance.report.verdicts import Verdict

HERE = Path(__file__).parent

#: Module of `fitspec.reference` -> the names in it that programs use: those that Keras has.
NAMES = {
    "": (
        "Input Model Sequence Sequential activations backend callbacks device engine initializers"
        " layers losses metrics models optimizers regularizers set_random_seed strict utils"
    ),
    "layers": (
        "Activation Add Average AveragePooling1D AveragePooling2D BatchNormalization Bidirectional"
        " Concatenate Conv1D Conv2D Cropping1D Cropping2D Dense Dot Dropout ELU Embedding Flatten"
        " GRU GlobalAveragePooling1D GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D"
        " Input InputLayer LSTM Lambda Layer LeakyReLU Masking MaxPooling1D MaxPooling2D Maximum"
        " Minimum Multiply PReLU Permute ReLU RepeatVector Reshape SimpleRNN Softmax Subtract"
        " ThresholdedReLU TimeDistributed UpSampling1D UpSampling2D ZeroPadding1D ZeroPadding2D"
        " add average concatenate dot maximum minimum multiply subtract"
    ),
    "models": (
        "Input InputLayer Model Sequential clone_model load_model model_from_config"
        " model_from_json model_from_yaml save_model"
    ),
    "losses": (
        "BinaryCrossentropy CategoricalCrossentropy CategoricalHinge CosineSimilarity Hinge Huber"
        " KLD KLDivergence LogCosh Loss MAE MAPE MSE MSLE MeanAbsoluteError"
        " MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson"
        " Reduction SparseCategoricalCrossentropy SquaredHinge binary_crossentropy"
        " categorical_crossentropy categorical_hinge cosine cosine_proximity cosine_similarity"
        " hinge huber huber_loss kld kullback_leibler_divergence logcosh mae mape"
        " mean_absolute_error mean_absolute_percentage_error mean_squared_error"
        " mean_squared_logarithmic_error mse msle poisson sparse_categorical_crossentropy"
        " squared_hinge"
    ),
    "metrics": (
        "AUC Accuracy BinaryAccuracy BinaryCrossentropy CategoricalAccuracy"
        " CategoricalCrossentropy CategoricalHinge CosineSimilarity FalseNegatives FalsePositives"
        " Hinge KLD KLDivergence LogCoshError MAE MAPE MSE MSLE Mean MeanAbsoluteError"
        " MeanAbsolutePercentageError MeanIoU MeanRelativeError MeanSquaredError"
        " MeanSquaredLogarithmicError Metric Poisson Precision Recall RootMeanSquaredError"
        " SensitivityAtSpecificity SparseCategoricalAccuracy SparseCategoricalCrossentropy"
        " SparseTopKCategoricalAccuracy SpecificityAtSensitivity SquaredHinge Sum"
        " TopKCategoricalAccuracy TrueNegatives TruePositives accuracy binary_accuracy"
        " binary_crossentropy categorical_accuracy categorical_crossentropy categorical_hinge"
        " cosine cosine_proximity cosine_similarity hinge huber huber_loss kld"
        " kullback_leibler_divergence logcosh mae mape mean_absolute_error"
        " mean_absolute_percentage_error mean_squared_error mean_squared_logarithmic_error mse msle"
        " poisson sparse_categorical_accuracy sparse_categorical_crossentropy"
        " sparse_top_k_categorical_accuracy squared_hinge top_k_categorical_accuracy"
    ),
    "optimizers": "Adadelta Adagrad Adam Adamax Nadam Optimizer RMSprop SGD",
    "callbacks": (
        "BaseLogger CSVLogger Callback CallbackList EarlyStopping History LambdaCallback"
        " LearningRateScheduler ModelCheckpoint ProgbarLogger ReduceLROnPlateau TerminateOnNaN"
    ),
    "utils": (
        "CustomObjectScope HDF5Matrix Progbar Sequence custom_object_scope get_custom_objects"
        " normalize plot_history to_categorical"
    ),
    "backend": (
        "abs all any argmax argmin batch_flatten binary_crossentropy cast cast_to_floatx"
        " categorical_crossentropy clear_session clip concatenate constant cos dot epsilon equal"
        " eval exp expand_dims flatten floatx gather get_value greater greater_equal"
        " image_data_format int_shape is_tensor l2_normalize less less_equal log max maximum mean"
        " min minimum ndim not_equal one_hot ones_like permute_dimensions pow random_normal"
        " random_uniform relu reshape round set_value shape sigmoid sign sin softmax softplus"
        " sparse_categorical_crossentropy sqrt square squeeze stack std stop_gradient sum switch"
        " tanh transpose var variable zeros_like"
    ),
    "engine": "Input InputLayer Layer Model Sequential",
    "activations": (
        "elu exponential hard_sigmoid linear relu selu sigmoid softmax softplus softsign tanh"
    ),
    "initializers": (
        "Constant Identity Initializer Ones Orthogonal RandomNormal RandomUniform TruncatedNormal"
        " VarianceScaling Zeros constant glorot_normal glorot_uniform he_normal he_uniform identity"
        " lecun_normal lecun_uniform normal one ones orthogonal random_normal random_uniform"
        " truncated_normal uniform zero zeros"
    ),
    "regularizers": "L1L2 Regularizer l1 l1_l2 l2",
    "constraints": (
        "Constraint MaxNorm MinMaxNorm NonNeg UnitNorm max_norm maxnorm min_max_norm non_neg nonneg"
        " unit_norm unitnorm"
    ),
    "r": "Session TrainingHistory call_in fit fit_generator get_option options",
    "strict": "",
}


@pytest.mark.parametrize("module", NAMES)
def test_the_reference_has_the_names_that_programs_use(module: str) -> None:
    """By the module's own path; of `import fitspec.reference as keras` as its attribute."""
    path = "fitspec.reference" + (f".{module}" if module else "")

    found = importlib.import_module(path)

    assert not [name for name in NAMES[module].split() if not hasattr(found, name)]


def test_scripts_in_reports_find_tensors_of_the_reference() -> None:
    """They say `keras.autodiff.as_tensor` of ``import fitspec.reference as keras``."""
    tensor = reference.autodiff.as_tensor([[1.0]])

    assert tensor.shape == (1, 1)


def test_models_of_pytorch_are_found() -> None:
    """Without PyTorch they cannot be imported; tests/reference/torch does that where it is."""
    assert importlib.util.find_spec("fitspec.reference.torch")


def test_the_suite_is_called_by_its_functions() -> None:
    """All of them are there without that pytest had to wait for them."""
    assert not [name for name in conformance.__all__ if not hasattr(conformance, name)]


def test_the_plugin_is_named_by_its_old_name() -> None:
    """Where plugins are not loaded by themselves, ``-p fitspec.conformance.plugin`` loads it."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "fitspec.conformance.plugin"]
    command += ["-c", os.devnull, "-p", "no:cacheprovider", "--import-mode=importlib"]
    command += ["--pyargs", "fitspec.conformance.checks", "--clause", "get_layer.by-name"]
    command += ["--implementation", "reference"]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    done = subprocess.run(command, check=False, capture_output=True, text=True, env=alone)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_entry_points_lead_somewhere() -> None:
    """The command, and the plugin for pytest."""
    (command,) = entry_points(group="console_scripts", name="fitspec")
    (plugin,) = entry_points(group="pytest11", name="fitspec")

    assert callable(command.load())
    assert plugin.load().pytest_addoption


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("", "Adapter NotOffered"),
        (".adapter", "Adapter NotOffered POSITIONAL"),
        (".keras_style", "KerasStyle"),
        (".r_style", "RStyle"),
        (".reference", "Reference"),
        (".probes", "HOOKS recorder_class"),
        (".streams", "Conduct generate"),
        (".data_objects", "ForeignTensor Reiterable"),
        (".events", "EventLog"),
        (".wire", "encode decode dump load WireError"),
    ],
)
def test_adapters_find_what_they_derive_from(module: str, names: str) -> None:
    """As docs/adapters.md tells their authors."""
    found = importlib.import_module(f"fitspec.adapters{module}")

    assert not [name for name in names.split() if not hasattr(found, name)]


FORK = """\
from fitspec.adapters.{module} import {name}


class Fork({name}):
    pass
"""
#: As much of Keras as its adapters look at when they are imported.
KERAS = """\
class callbacks:
    Callback = type("Callback", (), {"on_train_batch_end": None})


class utils:
    PyDataset = Sequence = type("Sequence", (), {})
"""


@pytest.mark.parametrize(
    ("module", "name", "dialect"),
    [("keras3", "Keras3", "keras-3"), ("keras2", "Keras2", "keras-2")],
)
def test_the_adapter_of_a_fork_derives_from_that_of_keras(
    module: str, name: str, dialect: str, tmp_path: Path
) -> None:
    """It speaks the same dialect, whatever its file is called."""
    (tmp_path / "keras.py").write_text(KERAS)
    (tmp_path / "fork.py").write_text(FORK.format(module=module, name=name))
    code = (
        "from fitspec.adapters.worker import load_adapter; print(load_adapter('fork.py').dialect)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path
    )

    assert done.stdout.strip() == dialect


# -- a report of the version before modules lay in folders --

OLD = HERE / "old_report.ndjson"


def test_an_old_report_is_read() -> None:
    """It says nothing of a dialect: whoever asks for another script runs the check again."""
    report = conformance.read(OLD)

    assert [item.name for item in report.subjects] == ["doubling", "reference"]
    assert {item.dialect for item in report.subjects} == {""}
    assert report.counts("doubling") == {Verdict.FAIL: 1, Verdict.PASS: 1}


ADAPTER = """\
from fitspec.adapters import reference


class Doubling(reference.Reference):
    def call(self, target, name, args, kwargs):
        found = super().call(target, name, args, kwargs)
        return 2 * found if name == "predict" and kwargs else found
"""


@pytest.mark.parametrize("place", [0, 1], ids=["in words of fitspec", "in its own words"])
def test_a_script_of_an_old_report_still_runs(place: int, tmp_path: Path) -> None:
    """What it imports is where it was, and it shows the deviation, or that there is none."""
    scripts = [item.script for item in conformance.read(OLD).findings if item.script]
    (tmp_path / "doubling.py").write_text(ADAPTER)
    (tmp_path / "show.py").write_text(scripts[place])

    done = subprocess.run(
        [sys.executable, "show.py"], check=False, capture_output=True, text=True, cwd=tmp_path
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert ("[[4], [8], [4], [8]]" in done.stdout) == (place == 0)
