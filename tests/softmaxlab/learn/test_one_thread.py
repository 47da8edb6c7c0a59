"""BLAS has one thread while any of ours works on a block, and as many as before afterwards."""

import pytest
from softmaxlab.learn._blocks import _OneThread
from threadpoolctl import threadpool_info, threadpool_limits


def threads(kind):
    return {info["num_threads"] for info in threadpool_info() if info["user_api"] == kind}


@pytest.fixture
def two_threads():
    with threadpool_limits(2):
        if threads("blas") != {2}:
            pytest.skip("this BLAS has one thread")
        yield


@pytest.mark.usefixtures("two_threads")
class TestOneThread:
    def test_inside_there_is_one_and_then_as_many_as_before(self):
        guard = _OneThread()
        for _ in range(3):
            with guard:
                assert threads("blas") == {1}
            assert threads("blas") == {2}

    def test_the_first_sets_the_limit_and_the_last_lifts_it(self):
        guard = _OneThread()
        for _ in range(2):
            guard.__enter__()
            guard.__enter__()
            guard.__enter__()
            assert threads("blas") == {1}
            guard.__exit__()
            guard.__exit__()
            assert threads("blas") == {1}
            guard.__exit__()
            assert threads("blas") == {2}

    def test_other_libraries_keep_theirs(self):
        from sklearn.utils import _openmp_helpers  # noqa: F401  # brings a library that is no BLAS

        with threadpool_limits(2), _OneThread():
            assert threads("blas") == {1}
            assert threads("openmp") == {2}
