"""What each route says of itself, once: who may use it, what it takes, what it answers.

The check at the door, the reading of what was sent and the OpenAPI document all come from it, so
that none of them can say something else (docs/decisions/openapi.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partialmethod
from typing import Any

from flask import Blueprint, Response, jsonify
from flask_babel import gettext
from marshmallow import Schema

from core.contract.errors import NotAllowed, PlanDenied
from core.web.access import ask
from core.web.api.reading import read_body, read_query
from core.web.member import ACCOUNT_ROLES, INSTALLATION_ROLES, OPERATOR, current_member
from core.web.words import why

View = Callable[..., Any]

ANYBODY = (*ACCOUNT_ROLES, *INSTALLATION_ROLES, "")
"""Whoever has a key or has signed in, even without a role."""


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address.

    Args:
        method, path: as Flask takes them; the path without ``/api``.
        view: answers what ``answer`` can dump; called with what stands in the path, and with
            ``query`` and ``body`` as they were loaded, where there are such schemas.
        roles: who may use it; an operator who works in an account is its admin.
        account: whether it is about the account that somebody works in.
        feature: without it in the account's plan, or with its plugin off, the route is closed.
        query, body: what stands behind the question mark, and the JSON that is sent.
        document: what is sent as JSON or as YAML; the view reads the text itself.
        in_yaml: whether the view answers YAML, too, to those who ask for it.
        answer: what comes back; None: nothing, with status 204. A view that answers a response
            of its own is taken at its word.
        status: of a good answer.
        problems: what else can go wrong than everywhere: a sentence by status.
    """

    method: str
    path: str
    view: View
    roles: tuple[str, ...]
    account: bool = True
    feature: str = ""
    query: type[Schema] | None = None
    body: type[Schema] | None = None
    document: type[Schema] | None = None
    in_yaml: bool = False
    answer: type[Schema] | None = None
    status: int = 200
    problems: Mapping[int, str] = field(default_factory=dict)

    def handle(self, **arguments: Any) -> Any:
        """Check, read, ask the view, and dump what it answers."""
        self._guard()
        if self.query is not None:
            arguments["query"] = read_query(self.query())
        if self.body is not None:
            arguments["body"] = read_body(self.body())
        found = self.view(**arguments)
        if isinstance(found, Response):
            return found
        if self.answer is None:
            return "", 204
        return jsonify(self.answer().dump(found)), self.status

    def _guard(self) -> None:
        member = current_member()
        if self.account and member.account is None and member.role == OPERATOR:
            sentence = gettext("Choose the account to work in first; a key works in its own.")
            raise NotAllowed(sentence)
        if not member.has(self.roles) or (self.account and member.account is None):
            raise NotAllowed(gettext("Your role does not include this."))
        if self.feature:
            decision = ask(self.feature)
            if not decision.allowed:
                raise PlanDenied(why(decision), decision=decision)


class Routes:
    """The routes of one subject.

    Args:
        title: what the document calls the subject.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.all: list[Route] = []

    def route(
        self, method: str, path: str, *, roles: tuple[str, ...], **options: Any
    ) -> Callable[[View], View]:
        """Decorate a view; the options are ``Route``'s.

        Args:
            method: of HTTP.
            path: without ``/api``, such as ``/lines/<int:id>``.
            roles: who may use it.
            options: the other fields of a route.
        """

        def declare(view: View) -> View:
            self.all.append(Route(method, path, view, roles, **options))
            return view

        return declare

    get = partialmethod(route, "GET")
    post = partialmethod(route, "POST")
    put = partialmethod(route, "PUT")
    patch = partialmethod(route, "PATCH")
    delete = partialmethod(route, "DELETE")

    def add_to(self, api: Blueprint) -> None:
        """Put the routes on the blueprint, each under the name of its view."""
        for one in self.all:
            api.add_url_rule(one.path, one.view.__name__, one.handle, methods=[one.method])
