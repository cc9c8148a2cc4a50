"""Applications that are built once: to make their routes takes as long as forty requests."""

from copy import copy
from functools import cache

from fastapi import FastAPI
from starlette.datastructures import State

from adapters.http.rates import Rates
from api.app import build as build_read_side
from producers.gateway.app import build as build_write_side


def write_side(rates: Rates) -> FastAPI:
    """The application of the write side, without services."""
    return _with_its_own_state(_write_side(), rates)


def read_side(rates: Rates) -> FastAPI:
    """The application of the read side, without services."""
    return _with_its_own_state(_read_side(), rates)


_write_side = cache(build_write_side)
_read_side = cache(build_read_side)


def _with_its_own_state(built: FastAPI, rates: Rates) -> FastAPI:
    """A copy that shares routes and middleware, which hold nothing of a request that is over."""
    made = copy(built)
    made.state = State({"rates": rates})
    return made
