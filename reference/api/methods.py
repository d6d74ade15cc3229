"""What can be trained, tested and used in all documented ways, whatever computes for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitspec.reference.api import arguments, calls
from fitspec.reference.api.compiled import Compiled
from fitspec.reference.data import feeding, pending
from fitspec.reference.training import loop

if TYPE_CHECKING:
    from fitspec.reference.callbacks.base import History
    from fitspec.reference.data.arrays import Array


class Trainable(Compiled):
    """The documented methods over any array engine.

    Attributes:
        history: The History of the last `fit`, None before.
        stop_training: Set it to True in a callback to end training after the current batch.

    """

    def accepted(self, request: arguments.Request) -> arguments.Request:
        """Return a request whose data are in a form that the training loop knows.

        A subclass overrides it for data sets of its own array library.
        """
        return request

    def fit(  # noqa: PLR0913, PLR0917 - as documented: fit.signature.defaults
        self,
        x: object = None,
        y: object = None,
        batch_size: int | None = None,
        epochs: int = 1,  # fit.epochs.default-1
        verbose: int = 1,  # fit.verbose.default
        callbacks: object = None,
        validation_split: float = 0.0,
        validation_data: object = None,
        shuffle: bool | str = True,  # fit.shuffle.default-true
        class_weight: object = None,
        sample_weight: object = None,
        initial_epoch: int = 0,  # fit.initial_epoch.default-0
        steps_per_epoch: float | None = None,
        validation_steps: float | None = None,
        validation_freq: object = 1,
        max_queue_size: int = 10,  # fit.max_queue_size.default-10
        workers: int = 1,  # fit.workers.default-1-background
        use_multiprocessing: bool = False,  # fit.use_multiprocessing.default-false
        **kwargs: object,
    ) -> History:
        """Train the model.

        Args:
            x: One array (samples, ...), a list by position or a dict by name; or a generator,
                Sequence or other iterable, such as a data set or loader of another library, of
                (inputs, targets) or (inputs, targets, sample_weights).
            y: Targets in the same forms, by output; None when `x` gives them.
            batch_size: Samples per update, 32 when left out; only for arrays.
            epochs: The final epoch: epochs `initial_epoch` to `epochs - 1` are run.
            verbose: 0 prints nothing, 1 a progress bar, 2 a line per epoch.
            callbacks: A list of `Callback`s.
            validation_split: Part of the arrays, in [0, 1), taken from the end before shuffling,
                that is not trained but validated on.
            validation_data: (inputs, targets), (inputs, targets, sample_weights), a generator or a
                Sequence; goes before `validation_split`.
            shuffle: True for a new order of samples (of batches, for a Sequence) in every epoch;
                "batch" to move only whole batches; no effect together with `steps_per_epoch`.
            class_weight: A dict of class index to factor on the training loss; for several outputs
                a list or dict of these.
            sample_weight: Factors on the loss, shape (samples,), or (samples, steps) in temporal
                mode; for several outputs a list or dict of these.
            initial_epoch: Index of the first epoch.
            steps_per_epoch: Number of batches of an epoch. Needed for a generator; with arrays
                every step takes all data.
            validation_steps: Number of batches of a validation. Needed for a generator.
            validation_freq: k to validate after every k-th epoch, or a container of epoch numbers,
                counted from 1.
            max_queue_size: How many items of a generator or Sequence may wait, at least 1; every
                worker holds one more. What a generator gave and nobody took by the end is lost.
            workers: Maximum number of threads, or processes, preparing them; 0 for the main thread.
                A generator or iterable is drawn from by one thread, however many are allowed.
            use_multiprocessing: Whether processes prepare them instead of threads. A Sequence is
                divided among them; of a generator each process draws from a copy of its own.
            **kwargs: `nb_epoch`, the older spelling of `epochs`.

        Returns:
            The results of every epoch.

        Raises:
            RuntimeError: The model was never compiled, or another thread trains or tests it.
            ValueError: Data or arguments do not fit the model or each other.

        """
        request = arguments.request("fit", locals())
        with self.in_use():
            request.epochs = arguments.epochs_of(epochs, kwargs)
            request.workers = arguments.workers_of(workers, max_queue_size, use_multiprocessing)
            return calls.fit(self, self.accepted(request))

    def evaluate(  # noqa: PLR0913, PLR0917 - as documented: evaluate.signature.defaults
        self,
        x: object = None,
        y: object = None,
        batch_size: int | None = None,
        verbose: int = 1,  # evaluate.verbose.default-1
        sample_weight: object = None,
        steps: float | None = None,
        callbacks: object = None,
        max_queue_size: int = 10,  # evaluate.max_queue_size.default-10
        workers: int = 1,
        use_multiprocessing: bool = False,
    ) -> float | list[float]:
        """Compute loss and metrics in test mode, batch by batch.

        Args:
            x: As for `fit`.
            y: As for `fit`.
            batch_size: Samples per step, 32 when left out; only for arrays.
            verbose: 0 prints nothing, 1 a progress bar.
            sample_weight: As for `fit`.
            steps: Number of batches. Needed for a generator; with arrays every step takes all data.
            callbacks: A list of `Callback`s, whose test hooks are called.
            max_queue_size: As for `fit`.
            workers: As for `fit`.
            use_multiprocessing: As for `fit`.

        Returns:
            The loss if there is nothing else, or a list labelled by `metrics_names`.

        Raises:
            RuntimeError: The model was never compiled, or another thread trains or tests it.
            ValueError: Data or arguments do not fit the model or each other.

        """
        request = arguments.request("evaluate", locals())
        with self.in_use():  # evaluate.raises.not-compiled
            request.workers = arguments.workers_of(workers, max_queue_size, use_multiprocessing)
            return calls.evaluate(self, self.accepted(request))

    def predict(  # noqa: PLR0913, PLR0917 - as documented: predict.signature.defaults
        self,
        x: object,
        batch_size: int | None = None,
        verbose: int = 0,
        steps: float | None = None,
        callbacks: object = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
    ) -> Array | list[Array]:
        """Compute the outputs in inference mode, batch by batch; compile is not needed.

        Args:
            x: As for `fit`; of a generator's tuples only the inputs are used.
            batch_size: Samples per step, 32 when left out; only for arrays.
            verbose: 0 prints nothing, 1 a progress bar.
            steps: Number of batches. Needed for a generator; with arrays every step takes all data.
            callbacks: A list of `Callback`s, whose predict hooks are called.
            max_queue_size: As for `fit`.
            workers: As for `fit`.
            use_multiprocessing: As for `fit`.

        Returns:
            One array, or a list of arrays for several outputs; rows in the order of the samples.

        Raises:
            ValueError: Data or arguments do not fit the model or each other.

        """
        request = arguments.request("predict", locals())
        request.workers = arguments.workers_of(workers, max_queue_size, use_multiprocessing)
        return calls.predict(self, self.accepted(request))

    def train_on_batch(  # train_on_batch.signature
        self,
        x: object,
        y: object,
        sample_weight: object = None,
        class_weight: object = None,
        reset_metrics: bool = True,
    ) -> float | list[float]:
        """Make one update on one batch.

        Args:
            x: Inputs: one array, a list by position or a dict by name.
            y: Targets in the same forms, by output.
            sample_weight: As for `fit`.
            class_weight: As for `fit`.
            reset_metrics: Whether the metrics are those of this batch alone, or go on from the
                calls before. The loss is always that of this batch.

        Returns:
            The loss before the update, or a list labelled by `metrics_names`.

        Raises:
            RuntimeError: The model was never compiled, or another thread trains or tests it.
            ValueError: The data do not fit the model or each other.

        """
        arguments.inspect("train_on_batch", locals())
        data = (x, y, sample_weight)
        return self._on_batch(loop.train_step, data, class_weight, reset=reset_metrics)

    def test_on_batch(  # test_on_batch.signature
        self, x: object, y: object, sample_weight: object = None, reset_metrics: bool = True
    ) -> float | list[float]:
        """Compute loss and metrics of one batch in test mode.

        Args:
            x: Inputs: one array, a list by position or a dict by name.
            y: Targets in the same forms, by output.
            sample_weight: As for `fit`.
            reset_metrics: As for `train_on_batch`.

        Returns:
            The loss, or a list labelled by `metrics_names`.

        Raises:
            RuntimeError: The model was never compiled, or another thread trains or tests it.
            ValueError: The data do not fit the model or each other.

        """
        arguments.inspect("test_on_batch", locals())
        return self._on_batch(loop.test_step, (x, y, sample_weight), None, reset=reset_metrics)

    def _on_batch(
        self, step: loop.Step, data: tuple[object, ...], class_weight: object, *, reset: bool
    ) -> float | list[float]:
        with self.in_use(), self.tentatively():
            self.require_engine()  # train_on_batch.raises
            # train_on_batch.x-y-forms, train_on_batch.sample_weight.flat,
            # train_on_batch.sample_weight.temporal, test_on_batch.forms,
            # test_on_batch.sample_weight.flat, test_on_batch.sample_weight.temporal
            samples = feeding.samples_of(self.feed(data[0]), *data)
            factors = feeding.class_weights_per_output(self.plan.output_names, class_weight)
            # train_on_batch.class_weight, train_on_batch.single-update: all of it is one batch
            batch = feeding.class_weighted(samples, factors).whole()
            # train_on_batch.returns, test_on_batch.returns: `metrics_names` labels them
            return loop.scalar_or_list(loop.single_step(self, step, batch, reset=reset))

    def predict_on_batch(self, x: object) -> Array | list[Array]:
        """Compute the outputs for one batch in inference mode; compile is not needed.

        Args:
            x: Inputs: one array, a list by position or a dict by name.

        Returns:
            One array, or a list of arrays for several outputs.

        Raises:
            ValueError: The data do not fit the model.

        """
        arguments.inspect("predict_on_batch", locals())
        with self.tentatively():
            # predict_on_batch.inputs, predict_on_batch.single-batch
            batch = feeding.inputs_of(self.feed(x), x).whole()
            # predict_on_batch.equals-predict, predict_on_batch.returns: as predict does
            return loop.single_or_list(pending.known(self.engine.predict(batch)))

    def fit_generator(  # noqa: PLR0913, PLR0917 - as documented: fit_generator.signature.defaults
        self,
        generator: object,
        steps_per_epoch: float | None = None,
        epochs: int = 1,
        verbose: int = 1,
        callbacks: object = None,
        validation_data: object = None,
        validation_steps: float | None = None,
        validation_freq: object = 1,
        class_weight: object = None,
        max_queue_size: int = 10,  # fit_generator.max_queue_size.default-10
        workers: int = 1,  # fit_generator.workers.default-1
        use_multiprocessing: bool = False,
        shuffle: bool = True,  # fit_generator.shuffle.default-true
        initial_epoch: int = 0,
    ) -> History:
        """Train on batches from a generator or Sequence; the arguments are those of `fit`."""
        arguments.require_stream(generator)
        # fit_generator.raises.not-compiled
        return self.fit(generator, **arguments.others(locals(), "self", "generator"))

    def evaluate_generator(  # noqa: PLR0913, PLR0917 - as documented: evaluate_generator.signature.defaults
        self,
        generator: object,
        steps: float | None = None,
        callbacks: object = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        verbose: int = 0,  # evaluate_generator.verbose
    ) -> float | list[float]:
        """Test on batches from a generator or Sequence; the arguments are those of `evaluate`."""
        arguments.require_stream(generator)
        # evaluate_generator.equals-evaluate
        return self.evaluate(generator, **arguments.others(locals(), "self", "generator"))

    def predict_generator(  # noqa: PLR0913, PLR0917 - as documented: predict_generator.signature.defaults
        self,
        generator: object,
        steps: float | None = None,
        callbacks: object = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        verbose: int = 0,  # predict_generator.verbose
    ) -> Array | list[Array]:
        """Predict batches from a generator or Sequence; the arguments are those of `predict`."""
        arguments.require_stream(generator)
        return self.predict(generator, **arguments.others(locals(), "self", "generator"))
