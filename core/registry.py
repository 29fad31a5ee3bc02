"""Finds the installed plugins, asks each who it is, checks it, and freezes.

Installing a plugin registers it; nothing is enabled by that. A built-in that cannot be loaded stops
the start. A partner's is skipped and named in ``broken``, and its features answer
``plugin-missing``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy

from core.contract import hookspecs
from core.contract.errors import PluginFault
from core.contract.features import Feature
from core.contract.plugin import DestinationKind, GatewayKind, Plugin, Stage

GROUP = "centralino.plugins"
"""The entry-point group in which a package names its plugin module."""

HOME = "centralino"
"""The distribution whose plugins must load."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A loaded plugin: what it says of itself, and where it comes from."""

    plugin: Plugin
    module: Any
    distribution: str
    version: str


Implementation = tuple[str, Callable[..., Any]]
"""A plugin's name and its hook function, called with all arguments of the specification, in
their order."""


@dataclass
class Registry:
    """All that is installed, after ``load``. Read-only from then on."""

    plugins: dict[str, Installed] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    features: dict[str, Feature] = field(default_factory=dict)
    stages: list[tuple[Stage, str]] = field(default_factory=list)
    destinations: dict[str, tuple[DestinationKind, str]] = field(default_factory=dict)
    gateways: dict[str, GatewayKind] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.manager = pluggy.PluginManager("centralino")
        self.manager.add_hookspecs(hookspecs)
        self._chosen: dict[tuple[str, frozenset[str]], list[Implementation]] = {}
        self._of_one: dict[str, dict[str, Callable[..., Any]]] = {}

    def implementations(self, hook: str, enabled: frozenset[str]) -> list[Implementation]:
        """The hook's implementations among the enabled plugins, in routing order, remembered per
        *set* of plugins, of which there are a handful per plan and not one per account."""
        found = self._chosen.get((hook, enabled))
        if found is None:
            found = [one for one in self._all(hook) if one[0] in enabled]
            self._chosen[hook, enabled] = found
        return found

    def implementation(self, hook: str, plugin: str) -> Callable[..., Any] | None:
        """One plugin's implementation of the hook, or None."""
        found = self._of_one.get(hook)
        if found is None:
            found = self._of_one[hook] = dict(self._all(hook))
        return found.get(plugin)

    def takes_only_call(self, hook: str, plugin: str) -> bool:
        """Whether a plugin's implementation of a hook asks for the call and nothing else."""
        found = getattr(self.manager.hook, hook).get_hookimpls()
        return any(one.plugin_name == plugin and one.argnames == ("call",) for one in found)

    def function(self, hook: str, plugin: str) -> Callable[..., Any]:
        """A plugin's implementation of a hook as it was written, with the arguments it chose."""
        found = getattr(self.manager.hook, hook).get_hookimpls()
        return next(one.function for one in found if one.plugin_name == plugin)

    def every(self, hook: str) -> list[Implementation]:
        """The hook's implementations of all installed plugins, by name."""
        return self._all(hook)

    def _all(self, hook: str) -> list[Implementation]:
        order = {name: place for place, name in enumerate(self.plugins)}
        caller = getattr(self.manager.hook, hook)
        arguments = tuple(caller.spec.argnames)
        named = [(one.plugin_name, adapted(one, arguments)) for one in caller.get_hookimpls()]
        return sorted(named, key=lambda one: order[one[0]])


def adapted(implementation: pluggy.HookImpl, arguments: tuple[str, ...]) -> Callable[..., Any]:
    """The hook function, callable with all arguments of its specification, in their order."""
    wanted = implementation.argnames
    function = implementation.function
    if wanted == arguments:
        return function
    places = [arguments.index(name) for name in wanted]

    def call(*given: Any) -> Any:
        return function(*[given[place] for place in places])

    return call


def load(names: Iterable[str] | None = None, extra: Mapping[str, Any] | None = None) -> Registry:
    """Load the installed plugins, one entry point at a time, and freeze.

    Args:
        names: only these entry points; None: all that are installed.
        extra: plugin modules or objects by name that are no packages (tests, examples).

    Returns:
        The registry, which does not change any more.

    Raises:
        PluginFault: a built-in cannot be loaded, or a plugin breaks a rule of the registry.
    """
    registry = Registry()
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        if names is None or point.name in names:
            _load_point(registry, point)
    for name, module in (extra or {}).items():
        _add(registry, name, module, "", "")
    registry.manager.check_pending()
    _sort(registry)
    return registry


def _load_point(registry: Registry, point: EntryPoint) -> None:
    """Load one package; only a partner's may fail."""
    distribution = point.dist.name if point.dist else ""
    try:
        _add(registry, point.name, point.load(), distribution, point.dist.version)
    except Exception as error:  # whatever a package's import can raise
        if distribution == HOME:
            raise PluginFault(
                point.name, f"The built-in plugin {point.name!r} cannot be loaded: {error}"
            ) from error
        registry.broken[point.name] = f"{type(error).__name__}: {error}"


def _add(registry: Registry, name: str, module: Any, distribution: str, version: str) -> None:
    manager = registry.manager
    if name in registry.plugins:
        owner = registry.plugins[name].distribution
        raise PluginFault(name, f"Two packages bring a plugin {name!r}; one is {owner!r}.")
    manager.register(module, name=name)
    try:
        plugin = _introduce(manager, name, module)
        _claim(registry, plugin)
    except Exception:
        manager.unregister(module)
        raise
    registry.plugins[name] = Installed(plugin, module, distribution, version)


def _introduce(manager: pluggy.PluginManager, name: str, module: Any) -> Plugin:
    """Ask the plugin who it is, and check that it may be called so."""
    others = [one for one in manager.get_plugins() if one is not module]
    answers = manager.subset_hook_caller("register_plugin", others)()
    if len(answers) != 1 or not isinstance(answers[0], Plugin):
        raise PluginFault(name, f"Plugin {name!r} does not answer register_plugin with a Plugin.")
    plugin = answers[0]
    if plugin.name != name:
        raise PluginFault(
            name, f"Entry point {name!r} brings a plugin that calls itself {plugin.name!r}."
        )
    if plugin.hook_api != hookspecs.HOOK_API:
        raise PluginFault(
            name,
            f"Plugin {name!r} was written for version {plugin.hook_api} of the hooks;"
            f" this is version {hookspecs.HOOK_API}.",
        )
    return plugin


def _claim(registry: Registry, plugin: Plugin) -> None:
    """Give the plugin its features, stages and destinations; none may be taken."""
    name = plugin.name
    for feature in plugin.features:
        if feature.key.partition(".")[0] != name:
            raise PluginFault(name, f"Feature {feature.key!r} must begin with {name!r}.")
    for stage in plugin.stages:
        if stage.position < 0:
            raise PluginFault(
                name,
                f"Stage {stage.name!r} of {name!r} has position {stage.position}; the first is 0.",
            )
        taken = [owner for other, owner in registry.stages if other.name == stage.name]
        if taken:
            raise PluginFault(name, f"Stage {stage.name!r} of {name!r} belongs to {taken[0]!r}.")
    for kind in plugin.destinations:
        if kind.name in registry.destinations:
            owner = registry.destinations[kind.name][1]
            raise PluginFault(name, f"Destination {kind.name!r} of {name!r} belongs to {owner!r}.")
    registry.features.update((feature.key, feature) for feature in plugin.features)
    registry.stages.extend((stage, name) for stage in plugin.stages)
    registry.destinations.update((kind.name, (kind, name)) for kind in plugin.destinations)


def _sort(registry: Registry) -> None:
    """Put stages and plugins into the order of routing, and collect the gateways."""
    registry.stages.sort(key=lambda one: (one[0].position, one[1]))
    first = {owner: stage.position for stage, owner in reversed(registry.stages)}
    last = max(first.values(), default=0) + 1
    names = sorted(registry.plugins, key=lambda name: (first.get(name, last), name))
    registry.plugins = {name: registry.plugins[name] for name in names}
    for _, register in registry.every("register_gateways"):
        registry.gateways.update((kind.name, kind) for kind in register() or ())
