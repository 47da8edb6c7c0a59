"""The examples of what needs Dask are run where it is: by `make large`."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("distributed") else ["src/softmaxlab/large.py"]
