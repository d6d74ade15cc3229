# The worker of an implementation whose functions are R's: R is the program, and Python is embedded.
#
#   FITSPEC_PYTHON=path/to/python Rscript worker.R --adapter ADAPTER.py --requests FD ...
#
# The loop is that of worker.py. What the adapter does in R, it does by the functions of `bridge`.

file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
here <- dirname(normalizePath(file))
reticulate::use_python(Sys.getenv("FITSPEC_PYTHON"), required = TRUE)
source(file.path(here, "functions.R"))

# Calls a function as it is called at R's prompt, where a value that is visible gets printed.
call_at_prompt <- function(name, object, positional, named) {
  # do.call would evaluate what it is given, and print all of it in the message of an error.
  arguments <- c(list(object), positional, named)
  result <- withVisible(do.call(name, arguments, quote = TRUE))
  if (result$visible) print(result$value)
  flush(stdout())
  result$value$object
}

# The parameters of a function: their names, and the value of each that has a default.
parameters_of <- function(name) {
  found <- as.list(formals(get(name)))
  found <- found[names(found) != "..."]
  is_required <- vapply(found, function(one) identical(one, quote(expr = )), logical(1))
  list(
    names = as.list(names(found)),
    required = as.list(unname(is_required)),
    defaults = unname(lapply(seq_along(found), function(place) {
      if (is_required[[place]]) NULL else eval(found[[place]])
    }))
  )
}

set_variable <- function(name, value) {
  if (is.null(value)) Sys.unsetenv(name) else do.call(Sys.setenv, stats::setNames(list(value), name))
  invisible(NULL)
}

# A function of R that gives the items of a Python one, each turned into R's own values.
generator_of <- function(source) {
  force(source)
  function() source()
}

types <- reticulate::import("types")
sys <- reticulate::import("sys", convert = FALSE)
bridge <- types$SimpleNamespace(
  call_at_prompt = call_at_prompt,
  parameters_of = parameters_of,
  set_options = function(changes) invisible(options(changes)),
  set_variable = set_variable,
  generator_of = generator_of,
  use_reference = function(reference) {
    fitspec$reference <- function() reference
    invisible(NULL)
  },
  version = paste(R.version$major, R.version$minor, sep = "."),
  reticulate = as.character(utils::packageVersion("reticulate"))
)
reticulate::py_set_item(sys$modules, "fitspec_r", bridge)

sys$argv <- as.list(c("worker.py", commandArgs(trailingOnly = TRUE)))
# Not as a module of sys.path, which it changes.
importlib <- reticulate::import("importlib.util", convert = FALSE)
found <- importlib$spec_from_file_location("worker", file.path(dirname(here), "worker.py"))
worker <- importlib$module_from_spec(found)
found$loader$exec_module(worker)
status <- reticulate::py_to_r(worker$main())
quit(save = "no", status = status)
