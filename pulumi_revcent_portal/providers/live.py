"""What is kept of an object beside its settings: the nonce, and how RevCent answered what was sent. Pure.

It lies in the hidden output `__live` of each resource, in few and short keys, because the engine rewrites all
outputs after every step.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_revcent_portal.providers.drift import ABSENT, digest, returned_otherwise, same

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True)
class Seen:
    """The outcome of a comparison.

    Attributes:
        live: the bookkeeping from now on.
        drifted: path to new value.
        texts: the long texts to show as inputs.
        texts_lost: not every long text is known, so that none can be shown.
    """

    live: Live
    drifted: dict[str, Any]
    texts: dict[str, str]
    texts_lost: bool = False


@dataclass(frozen=True)
class Live:
    """The bookkeeping of one object.

    Attributes:
        nonce: the word in the mark of the object when this resource created it or took it over.
        digests: long text (path) to the digest of what was sent.
        texts: long text (path) as sent, where RevCent does not give it back verbatim.
        returned: path to the digest of what came back, where that differs from what was sent.
        unread: nothing was read after the last write; the next reading sets `returned`.
        unmarked: RevCent does not keep the ownership mark in this object's description.
        texts_lost: refresh found drift, but not every long text could be shown again as an input.
        names: ID to name, of what is declared by its ID: for people who read the state.
    """

    KEY: ClassVar[str] = "__live"

    nonce: str = ""
    digests: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    returned: dict[str, str] = field(default_factory=dict)
    unread: bool = False
    unmarked: bool = False
    texts_lost: bool = False
    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, outputs: Mapping[str, Any]) -> Live:
        """Read it from outputs; keys of a newer version are ignored."""
        stored = outputs.get(cls.KEY) or {}
        return cls(**{key: stored[key] for key in _names(cls) if key in stored})

    def dump(self) -> dict[str, Any]:
        """Return it as an output, without what is empty."""
        return {key: getattr(self, key) for key in _names(type(self)) if getattr(self, key)}

    def text_differs(self, path: str, text: Any) -> bool:
        """Whether a long text differs from what was last sent or seen; an unknown one does."""
        known = self.digests.get(path, digest(""))
        return not isinstance(text, str) or digest(text) != known

    def after_write(
        self, sent: Mapping[str, Any], answered: Mapping[str, Any] | None, *, long: Collection[str]
    ) -> Live:
        """Return the bookkeeping after `sent` was written and `answered` was read (None: nothing could be read)."""
        odd = returned_otherwise(dict(sent), dict(answered)) if answered is not None else {}
        long_sent = {path: value for path, value in sent.items() if path in long and value}
        kept_back = {path: text for path, text in long_sent.items() if answered is None or path in odd}
        return replace(
            self,
            digests=_without(self.digests, sent) | {path: digest(value) for path, value in long_sent.items()},
            texts=_without(self.texts, sent) | kept_back,
            returned=_without(self.returned, sent) | odd,
            unread=answered is None,
            texts_lost=False,
        )

    def compare(self, known: Mapping[str, Any], answered: Mapping[str, Any], *, long: Collection[str]) -> Seen:
        """Compare what RevCent answers now with what is known of the object.

        Args:
            known: the stored settings by path, without the long texts.
            answered: the settings by path as RevCent answers them now.
            long: the paths of the long texts.
        """
        if self.unread:
            return self._first_reading(known, answered)
        drifted: dict[str, Any] = {}
        texts: dict[str, str] = {}
        lost = False
        for path in {*known, *answered, *long}:
            if path in long:
                now = answered.get(path)
                changed = now is not None and self._text_changed(path, now)
                if changed:
                    drifted[path] = now
                text = now if changed or path not in self.texts else self.texts[path]
                if text is None and path in self.digests:
                    lost = True
                else:
                    texts[path] = text or ""
            elif path in answered and self._changed(path, known.get(path), answered[path]):
                drifted[path] = answered[path]
        live = replace(
            self,
            digests=self.digests | {path: digest(drifted[path]) for path in drifted if path in long},
            texts=_without(self.texts, drifted),
            returned=_without(self.returned, drifted),
            texts_lost=lost if drifted else self.texts_lost,
        )
        return Seen(live, drifted, texts, texts_lost=lost)

    def _first_reading(self, known: Mapping[str, Any], answered: Mapping[str, Any]) -> Seen:
        odd = returned_otherwise(dict(known), dict(answered))
        for path, text in self.texts.items():
            odd |= returned_otherwise({path: text}, dict(answered))
        verbatim = [path for path in self.texts if answered.get(path) == self.texts[path]]
        return Seen(replace(self, returned=odd, unread=False, texts=_without(self.texts, verbatim)), {}, {})

    def _changed(self, path: str, known: Any, now: Any) -> bool:
        return not same(known, now) and digest(now) != self.returned.get(path, ABSENT)

    def _text_changed(self, path: str, now: str) -> bool:
        return digest(now) not in {self.digests.get(path, digest("")), self.returned.get(path, ABSENT)}


def _without(mapping: Mapping[str, Any], paths: Collection[str]) -> dict[str, Any]:
    return {path: value for path, value in mapping.items() if path not in paths}


def _names(kind: type[Live]) -> list[str]:
    return [each.name for each in fields(kind)]
