# The documented R functions on fitspec's reference, which runs in Python behind reticulate.
#
#   library(reticulate)
#   source("functions.R")
#   history <- fit(model, x, y, epochs = 5)
#   plot(history)
#
# R does what is R's here: names and places of arguments, options, lists, vectors, functions as
# generators, and the class of the history. The rest is fitspec.reference.r.

fit <- function(object,
                x = NULL,
                y = NULL,
                batch_size = NULL,
                epochs = 10,
                verbose = getOption("keras.fit_verbose", default = "auto"),
                callbacks = NULL,
                view_metrics = getOption("keras.view_metrics", default = "auto"),
                validation_split = 0,
                validation_data = NULL,
                shuffle = TRUE,
                class_weight = NULL,
                sample_weight = NULL,
                initial_epoch = 0,
                steps_per_epoch = NULL,
                validation_steps = NULL,
                ...) {
  refuse_more(...)
  history <- call_reference("fit", object, list(
    x = as_batches(x),
    y = as_data(y),
    batch_size = batch_size,
    epochs = epochs,
    verbose = verbose,
    callbacks = as_callbacks(callbacks),
    view_metrics = view_metrics,
    validation_split = validation_split,
    validation_data = as_batches(validation_data),
    shuffle = shuffle,
    class_weight = as_class_weight(class_weight),
    sample_weight = as_data(sample_weight),
    initial_epoch = initial_epoch,
    steps_per_epoch = steps_per_epoch,
    validation_steps = validation_steps
  ))
  invisible(as_training_history(history))
}

fit_generator <- function(object,
                          generator,
                          steps_per_epoch,
                          epochs = 1,
                          verbose = getOption("keras.fit_verbose", default = 1),
                          callbacks = NULL,
                          view_metrics = getOption("keras.view_metrics", default = "auto"),
                          validation_data = NULL,
                          validation_steps = NULL,
                          class_weight = NULL,
                          max_queue_size = 10,
                          workers = 1,
                          initial_epoch = 0) {
  # Here, so that the error for a missing one is about this function.
  force(steps_per_epoch)
  history <- call_reference("fit_generator", object, list(
    generator = as_batches(generator),
    steps_per_epoch = steps_per_epoch,
    epochs = epochs,
    verbose = verbose,
    callbacks = as_callbacks(callbacks),
    view_metrics = view_metrics,
    validation_data = as_batches(validation_data),
    validation_steps = validation_steps,
    class_weight = as_class_weight(class_weight),
    max_queue_size = max_queue_size,
    workers = workers,
    initial_epoch = initial_epoch
  ))
  invisible(as_training_history(history))
}

# --- to Python ----------------------------------------------------------------------------------

# Where the reference is; a program that embeds this file may put another one there.
fitspec <- new.env()
fitspec$reference <- function() reticulate::import("fitspec.reference.r")

call_reference <- function(name, object, arguments) {
  reference <- fitspec$reference()
  session <- do.call(reference$Session, describe_session())
  do.call(reference$call_in, c(list(session, name, object), arguments))
}

# Only this process knows what R says of itself.
describe_session <- function() {
  list(
    rstudio = identical(Sys.getenv("RSTUDIO"), "1"),
    knitr = isTRUE(getOption("knitr.in.progress")),
    server = grepl("\"cluster\"", Sys.getenv("TF_CONFIG"), fixed = TRUE),
    viewer = getOption("viewer"),
    # RStudio's viewer shows pages in the session's folder for temporary files, and no others.
    plot_file = getOption(
      "keras.view_metrics_file",
      default = if (is.null(getOption("viewer"))) NULL else tempfile(fileext = ".html")
    )
  )
}

# `...` is there because generics have it; what lands in it is a mistake.
refuse_more <- function(...) {
  if (...length() > 0) {
    stop("fit has no such argument: ", paste(names(list(...)), collapse = ", "), call. = FALSE)
  }
}

is_python <- function(value) inherits(value, "python.builtin.object")

# Vectors, matrices, arrays and (named) lists of them. A vector alone would arrive as a list of
# numbers, and one of length 1 as a bare number.
as_data <- function(value) {
  if (is_python(value) || is.null(value)) {
    value
  } else if (is.list(value)) {
    lapply(value, as_data)
  } else if (is.atomic(value) && is.null(dim(value))) {
    as.array(unname(value))
  } else {
    value
  }
}

# Data, or what gives batches: a Python generator or Sequence, or a function of R.
as_batches <- function(value) {
  if (is.function(value) && !is_python(value)) {
    function() as_data(value())
  } else {
    as_data(value)
  }
}

# list("0" = 1, "1" = 5) or c("0" = 1, "1" = 5); for several outputs a list of these.
as_class_weight <- function(value) {
  if (is.atomic(value) && !is.null(names(value))) as.list(value) else value
}

# One callback will do; R hands a list of one Python object on as a list.
as_callbacks <- function(value) {
  if (is.null(value) || is_python(value) || is.list(value)) value else as.list(value)
}

# --- what comes back ----------------------------------------------------------------------------

as_training_history <- function(object) {
  structure(
    list(params = object$params, metrics = object$metrics, object = object),
    class = "keras_training_history"
  )
}

print.keras_training_history <- function(x, ...) {
  cat(reticulate::py_str(x$object), "\n", sep = "")
  invisible(x)
}

as.data.frame.keras_training_history <- function(x, ...) {
  frame <- x$object$as_data_frame()
  columns <- frame$columns()
  value <- as.numeric(unlist(columns$value))
  data.frame(
    epoch = as.integer(unlist(columns$epoch)),
    value = ifelse(is.nan(value), NA_real_, value),
    metric = factor(unlist(columns$metric), levels = unlist(frame$levels("metric"))),
    data = factor(unlist(columns$data), levels = unlist(frame$levels("data")))
  )
}

# Places on an axis of epochs: whole numbers that lie on it.
whole_ticks <- function(ends) {
  places <- unique(round(pretty(ends)))
  places[places >= ends[1] & places <= ends[2]]
}

# A panel for the loss and for each metric; validation has triangles and a broken line.
plot.keras_training_history <- function(x, ...) {
  frame <- as.data.frame(x)
  metrics <- levels(frame$metric)
  columns <- if (length(metrics) > 3) 2 else 1
  before <- graphics::par(
    mfrow = c(ceiling(length(metrics) / columns), columns), mar = c(4, 4, 2, 1)
  )
  on.exit(graphics::par(before))
  styles <- list(
    training = list(col = "#0072B2", pch = 16, lty = 1),
    validation = list(col = "#D55E00", pch = 2, lty = 2)
  )
  for (metric in metrics) {
    rows <- frame[frame$metric == metric & !is.na(frame$value), ]
    if (nrow(rows) == 0) next
    graphics::plot(
      range(frame$epoch), range(rows$value), type = "n", las = 1, bty = "l",
      xlab = "epoch", ylab = "", main = metric, xaxt = "n"
    )
    graphics::axis(1, at = whole_ticks(range(frame$epoch)))
    shown <- intersect(levels(frame$data), unique(rows$data))
    for (data in shown) {
      style <- styles[[data]]
      part <- rows[rows$data == data, ]
      graphics::lines(
        part$epoch, part$value, type = "b", col = style$col, pch = style$pch, lty = style$lty
      )
    }
    style <- function(field) sapply(styles[shown], function(one) one[[field]])
    graphics::legend(
      "topright", legend = shown, col = style("col"), pch = style("pch"), lty = style("lty"),
      bty = "n"
    )
  }
  invisible(x)
}
