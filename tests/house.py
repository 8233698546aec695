"""Reads the app's source as a house: which function calls which, and what happens inside a transaction.

Follows names through imports (`service.offer` -> `wijkapp.matching.service.answer.offer`). Not what it cannot
know without running: methods of objects, functions kept in a dict.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent
KIT_DB = "wijkapp.kit.db"
OPENS = f"{KIT_DB}.transaction"
LOOKS = f"{KIT_DB}.reading"

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = ast.Module | ast.ClassDef | Function | ast.Lambda


@dataclass
class Defined:
    """One function: where it stands, and what it is called by others."""

    name: str  # dotted, as in wijkapp.matching.service.answer.offer
    node: Function
    module: "Module"
    inside: "Defined | None"  # the function it is written in

    @property
    def where(self) -> str:
        return f"{self.module.path}:{self.node.lineno} {self.node.name}"

    @property
    def joins(self) -> bool:
        """Is its first argument `db`?"""
        names = [one.arg for one in (*self.node.args.posonlyargs, *self.node.args.args)]
        return names[:1] == ["db"] or names[:2] in (["self", "db"], ["cls", "db"])

    def own_nodes(self) -> Iterator[ast.AST]:
        """Everything in it, without the functions that are defined inside it."""
        yield from _without_functions(self.node)

    @cached_property
    def own_names(self) -> set[str]:
        """Its arguments and variables and those of the functions around it: they hide the module's names."""
        found = {node.arg for node in ast.walk(self.node.args) if isinstance(node, ast.arg)}
        found |= {
            node.id
            for node in self.own_nodes()
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        return found | (self.inside.own_names if self.inside else set())


def _without_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, Function):
            yield child
            yield from _without_functions(child)


@dataclass
class Module:
    name: str
    path: str
    tree: ast.Module
    imports: dict[str, str] = field(default_factory=dict)  # local name -> dotted name

    def dotted(self, node: ast.AST) -> str | None:
        """The full name of `a.b.c`, as far as this module's own imports and functions tell."""
        if isinstance(node, ast.Name):
            return self.imports.get(node.id, f"{self.name}.{node.id}")
        if isinstance(node, ast.Attribute):
            of = self.dotted(node.value)
            return f"{of}.{node.attr}" if of else None
        return None


class House:
    """The source of the app, or of an example in a test."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        """sources: path, as in wijkapp/people/service.py -> text."""
        self.modules: dict[str, Module] = {}
        self.functions: dict[str, Defined] = {}
        for path, text in sources.items():
            module = Module(_module_name(path), path, ast.parse(text))
            self.modules[module.name] = module
            self._import(module, is_package=path.endswith("__init__.py"))
            self._define(module, module.tree, module.name, None)

    def _import(self, module: Module, *, is_package: bool) -> None:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                for one in node.names:
                    name = one.name if one.asname else one.name.split(".")[0]
                    module.imports[one.asname or name] = name
            elif isinstance(node, ast.ImportFrom):
                parts = module.name.split(".")
                up = parts[: len(parts) - node.level + is_package] if node.level else []
                base = ".".join([*up, *([node.module] if node.module else [])])
                for one in node.names:
                    module.imports[one.asname or one.name] = f"{base}.{one.name}"

    def _define(self, module: Module, node: ast.AST, prefix: str, inside: Defined | None) -> None:
        for child in ast.iter_child_nodes(node):
            here, within = prefix, inside
            if isinstance(child, Function):
                here = f"{prefix}.{child.name}"
                within = Defined(here, child, module, inside)
                self.functions[here] = within
            elif isinstance(child, ast.ClassDef):
                here = f"{prefix}.{child.name}"
            self._define(module, child, here, within)

    def real_name(self, dotted: str | None) -> str | None:
        """Where a name really stands: packages pass on what their modules define."""
        for _step in range(10):
            if dotted is None or dotted in self.functions:
                return dotted
            module, rest = self._split(dotted)
            first, dot, more = rest.partition(".")
            if module is None or module.imports.get(first, dotted) == dotted:
                return dotted
            dotted = module.imports[first] + dot + more
        return dotted

    def _split(self, dotted: str) -> tuple[Module | None, str]:
        """The module of a dotted name, and what is named in it."""
        parts = dotted.split(".")
        for length in range(len(parts) - 1, 0, -1):
            module = self.modules.get(".".join(parts[:length]))
            if module:
                return module, ".".join(parts[length:])
        return None, dotted

    def calls(self, of: Defined, nodes: Iterator[ast.AST] | None = None) -> set[str]:
        """The names that this function calls or passes on."""
        found = set()
        for node in of.own_nodes() if nodes is None else nodes:
            if isinstance(node, ast.Name | ast.Attribute):
                name = self._called(of, node)
                if name:
                    found.add(name)
        return found

    def _called(self, of: Defined, node: ast.Name | ast.Attribute) -> str | None:
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value  # type: ignore[assignment]
        if not isinstance(root, ast.Name) or root.id in of.own_names:
            return None
        around: Defined | None = of
        while around is not None:  # a function written inside this one, or beside it
            nested = f"{around.name}.{root.id}"
            if nested in self.functions:
                return nested
            around = around.inside
        return self.real_name(of.module.dotted(node))

    @cached_property
    def callers(self) -> dict[str, set[str]]:
        """Name -> the functions that call it."""
        found: dict[str, set[str]] = {}
        for one in self.functions.values():
            for name in self.calls(one):
                found.setdefault(name, set()).add(one.name)
        return found

    def leading_to(self, *targets: str) -> set[str]:
        """Every function that calls one of these, or calls one that does. Ends one in a dot: all in it."""
        direct = {name for name in self.callers for target in targets if _is_in(name, target)}
        found, look = set(direct), direct
        while look:
            look = {caller for name in look for caller in self.callers.get(name, ())} - found
            found |= look
        return found

    def transactions(self, of: Defined) -> Iterator[ast.With]:
        """The `with transaction()` blocks of a function."""
        for node in of.own_nodes():
            if isinstance(node, ast.With) and any(
                isinstance(item.context_expr, ast.Call)
                and self.real_name(of.module.dotted(item.context_expr.func)) == OPENS
                for item in node.items
            ):
                yield node


def _is_in(name: str, target: str) -> bool:
    return name == target or (target.endswith(".") and (name + ".").startswith(target))


def _module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def read_house() -> House:
    """The app as it stands."""
    paths = sorted((ROOT / "wijkapp").rglob("*.py"))
    return House({str(path.relative_to(ROOT)): path.read_text() for path in paths})


# --- the laws; each gives a line per place that breaks it


def commits(house: House) -> list[str]:
    """Law 1: only kit commits."""
    return [
        f"{one.where}: {node.func.attr}()"
        for one in house.functions.values()
        if not one.module.name.startswith("wijkapp.kit.")
        for node in one.own_nodes()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
    ]


def joiners_that_open(house: House) -> list[str]:
    """Law 1: a function whose first argument is `db` opens no transaction, nor does what it calls."""
    open_one = house.leading_to(OPENS, LOOKS)
    return [
        one.where
        for one in house.functions.values()
        if one.joins and one.name in open_one and one.module.name != KIT_DB
    ]


def sessions_from_nowhere(house: House) -> list[str]:
    """Law 1: a function without `db` gets its session from transaction() or reading() and nowhere else."""
    return [
        one.where
        for one in house.functions.values()
        if "db" not in one.module.imports and not _has_session(one) and _uses_session(one)
    ]


def _has_session(one: Defined | None) -> bool:
    while one is not None:
        given = {
            node.arg for node in (*ast.walk(one.node.args), *one.own_nodes()) if isinstance(node, ast.arg)
        }
        opened = {
            name.id
            for node in one.own_nodes()
            if isinstance(node, ast.With)
            for item in node.items
            for name in ast.walk(item.optional_vars or ast.Pass())
            if isinstance(name, ast.Name)
        }
        if "db" in given | opened:
            return True
        one = one.inside
    return False


def _uses_session(one: Defined) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "db" for node in one.own_nodes())


OUTSIDE = (
    "smtplib.",
    "socket.",
    "urllib.request.",
    "urllib3.",
    "requests.",
    "http.client.",
    "httpx.",
    "webpush.",
    "subprocess.",
    "time.sleep",
    "gevent.sleep",
    "flask_socketio.",
    "wijkapp.kit.socket.socketio.",
    # The key store is another database: what is destroyed there does not come back when this one rolls back.
    "wijkapp.clients.keys.",
)
"""What leaves the house, or waits."""


def leaks(house: House) -> list[str]:
    """Law 3: nothing leaves the house inside a transaction, nor does what is called there."""
    leaving = house.leading_to(*OUTSIDE)
    found = []
    for one in house.functions.values():
        blocks = list(house.transactions(one))
        if one.joins:
            blocks.append(one.node)
        for block in blocks:
            called = house.calls(one, _without_functions(block))
            found += [f"{one.where}: {name}" for name in sorted(called & leaving)]
    return found


def writing_doors(house: House, functions: Mapping[str, str]) -> list[str]:
    """GET never writes. functions: endpoint -> dotted name of its view."""
    writes = house.leading_to(OPENS)
    return sorted(endpoint for endpoint, name in functions.items() if house.real_name(name) in writes)
