"""Which database this process uses: the one named in `DATABASE_URL`, else an embedded one that starts on demand."""

import os

from commerce.runtime.cluster import Cluster
from commerce.runtime.paths import data_directory

DATABASE = "counterpart"


def database_url() -> str:
    """The address of the database, ready for connections.

    With no `DATABASE_URL` the embedded server of this `COUNTERPART_DATA` is made and started where needed. Web
    processes, workers and commands share it; the last one to end stops it. Takes a millisecond when it runs already,
    about a second when it must start, some three when it must be made.
    """
    return os.environ.get("DATABASE_URL") or embedded_cluster().url(DATABASE)


def embedded_cluster() -> Cluster:
    """The server that keeps the data of this copy."""
    return Cluster(data_directory() / "postgres")


def cluster_for_tests() -> Cluster:
    """The server for test runs: the same program and settings, but with nothing forced to disk."""
    return Cluster(data_directory() / "test" / "postgres", durable=False)
