"""The partition: which ads are one job.

A pure function of a set of ads: sorted first, so the order in which they came does not matter, and decided
component by component (ads that share no key, directly or through others, never influence each other), so one batch
and twenty give the same jobs. A component is checked as a whole:

1. Ads of one lister that are the same in every visible part are one atom, however many they are.
2. Atoms that share a key are compared; the evidence and the guards are those of :mod:`flows.match.compare`.
3. An atom that fits two openings which exclude each other (a copy that says 'Remote', an employer that lists
   Berlin and Madrid) joins the better one only by a clear margin; otherwise it stays alone.
4. The best pairs are joined first, and only if no guard stands between any two ads of the two clusters.
"""

from __future__ import annotations

import itertools
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from flows.match.ad import Ad
from flows.match.compare import DAY, MARGIN, REPOST_DAYS, Comparison, Kind, compare, day
from flows.match.keys import block_keys, nameless, own_keys, text_keys
from flows.match.verdicts import NO_VERDICTS, Verdicts

CROWDED = 100
"""Atoms under one key from which they are not all compared with one another, but by finer keys."""
FEW = 12
"""Atoms of a component that are all compared, whatever keys they share."""
NEIGHBOURS = 8
"""In a bucket that is crowded even by the finer keys each atom is compared with so many that follow it by text."""
REPRESENTATIVES = 40
"""Atoms of a large cluster that stand for it when two clusters are checked against each other."""


class Link(NamedTuple):
    """Why one posting belongs to its job.

    rule: the strongest evidence; 'founding ad' for the first. score: 0 to 1. partner: posting_key of the ad it was
    joined through. because: all evidence, in words.
    """

    posting_key: str
    rule: str
    score: float
    kind: Kind
    partner: str | None
    because: str


class Cluster(NamedTuple):
    """One job. job_id: posting_key of its founding ad; openings: seats advertised by simultaneous identical ads."""

    job_id: str
    family_id: str
    openings: int
    links: tuple[Link, ...]


class Atom(NamedTuple):
    """Ads of one lister without a visible difference; ``face`` is its first, with the life of them all."""

    face: Ad
    ads: tuple[Ad, ...]


def partition(ads: Iterable[Ad], verdicts: Verdicts = NO_VERDICTS) -> list[Cluster]:
    """The jobs of a set of ads, sorted by job id. The same set gives the same jobs, in whatever order."""
    return sorted(clusters(ads, verdicts))


def clusters(ads: Iterable[Ad], verdicts: Verdicts = NO_VERDICTS) -> Iterator[Cluster]:
    """The same as :func:`partition`, as a stream of components, for sets that fill the memory."""
    ordered = list(ads)
    for component in components(ordered, verdicts):
        if len(component) == 1:
            yield _alone(ordered[component[0]])
        else:
            yield from _decide([ordered[i] for i in component], verdicts)


def components(ads: Sequence[Ad], verdicts: Verdicts = NO_VERDICTS) -> Iterator[list[int]]:
    """Places in ``ads`` of those that hang together by keys or verdicts, each component once."""
    keys, owner = _shared_keys(ads)
    order = np.argsort(keys, kind="stable")
    keys, owner = keys[order], owner[order]
    shared = np.flatnonzero(keys[1:] == keys[:-1])
    union = Union(len(ads))
    for a, b in zip(owner[shared].tolist(), owner[shared + 1].tolist(), strict=True):
        union.join(a, b)
    if verdicts:
        place = {ad.posting_key: i for i, ad in enumerate(ads) if ad.posting_key in verdicts.named}
        for a, b in verdicts.pairs:
            if a in place and b in place:
                union.join(place[a], place[b])
    yield from union.groups()


def _shared_keys(ads: Sequence[Ad]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Keys and the places of the ads that have them; keys by text only where an ad without an employer has them too."""
    keys, owner = array("q"), array("i")
    texts, speaker, waiting = array("q"), array("i"), set[int]()
    for i, ad in enumerate(ads):
        for key in own_keys(ad):
            keys.append(key)
            owner.append(i)
        found = text_keys(ad)
        for key in found:
            texts.append(key)
            speaker.append(i)
        if nameless(ad):
            waiting.update(found)
    met = np.isin(np.frombuffer(texts, np.int64), np.fromiter(waiting, np.int64, len(waiting)))
    return (
        np.concatenate((np.frombuffer(keys, np.int64), np.frombuffer(texts, np.int64)[met])),
        np.concatenate((np.frombuffer(owner, np.int32), np.frombuffer(speaker, np.int32)[met])),
    )


class Union:
    """Disjoint sets of the numbers 0 to n - 1; the smallest number stands for its set."""

    def __init__(self, n: int) -> None:
        self.parent = list(range(n))

    def find(self, i: int) -> int:
        """The number that stands for the set of ``i``."""
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        """Make the sets of ``i`` and ``j`` one."""
        i, j = self.find(i), self.find(j)
        if i != j:
            self.parent[max(i, j)] = min(i, j)

    def groups(self) -> Iterator[list[int]]:
        """The sets, each in ascending order, in the order of their smallest numbers."""
        members: dict[int, list[int]] = {}
        for i in range(len(self.parent)):
            if (root := self.find(i)) != i:
                members.setdefault(root, [root]).append(i)
        for i, parent in enumerate(self.parent):
            if parent == i:
                yield members.pop(i, [i])


def _age(ad: Ad) -> tuple[float, float, str]:
    """The order of founding: first seen, then posted, then by key."""
    late = float("inf")
    return (late if ad.seen is None else ad.seen, late if ad.posted is None else ad.posted, ad.posting_key)


def _alone(ad: Ad) -> Cluster:
    return Cluster(ad.posting_key, ad.posting_key, 1, (_founding(ad),))


def _founding(ad: Ad) -> Link:
    return Link(ad.posting_key, "founding ad", 1.0, "full", None, "")


def _decide(ads: list[Ad], verdicts: Verdicts) -> list[Cluster]:
    atoms = _atoms(sorted(ads, key=_age), verdicts)
    block = _Block(atoms, verdicts)
    groups = block.joined()
    founders = [min((ad for i in group for ad in atoms[i].ads), key=_age).posting_key for group in groups]
    families = _families(groups, founders, block)
    return [
        Cluster(job_id, families[g], _openings(atoms[i] for i in group), tuple(block.links(group, job_id)))
        for g, (group, job_id) in enumerate(zip(groups, founders, strict=True))
    ]


def _atoms(ads: list[Ad], verdicts: Verdicts) -> list[Atom]:
    """Ads of one lister that agree in every visible part and in the day of publication.

    Ads that a person decided on, roles of one ad, and pages that several ads link to stand by themselves: what joins
    or parts one of them says nothing of its neighbours.
    """
    linked = Counter(page for ad in ads for page in ad.pages)
    listers = Counter(ad.lister for ad in ads)
    alike: dict[object, list[Ad]] = defaultdict(list)
    for ad in ads:
        alone = listers[ad.lister] == 1 or ad.split_from or ad.posting_key in verdicts.named
        alike[ad.posting_key if alone else _visible(ad, linked)].append(ad)
    return [atom for group in alike.values() for atom in _by_time(group)]


def _visible(ad: Ad, linked: Mapping[str, int]) -> object:
    """All that a reader of the ad sees, and the pages that other ads link to as well."""
    shared = tuple(page for page in ad.pages if linked[page] > 1)
    who = (ad.lister, ad.agency, ad.title, ad.core, ad.level, ad.requisition)
    what = (ad.language, ad.contract, ad.mode, ad.places, ad.pay, ad.years, day(ad.posted))
    return shared, who, what, ad.text.whole, ad.text.size


def _by_time(ads: list[Ad]) -> Iterator[Atom]:
    """One atom for each stretch of time; a new one begins where nothing was seen for longer than a repost may wait."""
    if len(ads) == 1:
        yield Atom(ads[0], (ads[0],))
        return
    ordered = sorted(ads, key=lambda ad: (ad.start or 0, ad.posting_key))
    group: list[Ad] = []
    last: int | None = None
    for ad in ordered:
        if group and last is not None and ad.start is not None and ad.start - last > REPOST_DAYS * DAY:
            yield _atom(group)
            group, last = [], None
        last = _later(last, ad.end) if group else ad.end
        group.append(ad)
    if group:
        yield _atom(group)


def _later(a: int | None, b: int | None) -> int | None:
    """The later end; an unknown end may be any time, so it stays unknown."""
    return None if a is None or b is None else max(a, b)


def _atom(ads: list[Ad]) -> Atom:
    ads = sorted(ads, key=_age)
    if len(ads) == 1:
        return Atom(ads[0], (ads[0],))
    starts = [ad.start for ad in ads if ad.start is not None]
    ends = [ad.end for ad in ads]
    end = None if None in ends else max(end for end in ends if end is not None)
    pages = tuple(sorted({page for ad in ads for page in ad.pages}))
    face = ads[0]._replace(start=min(starts, default=None), end=end, pages=pages)
    return Atom(face, tuple(ads))


class _Block:
    """The atoms of one component and what comparing them found; each pair is compared once."""

    def __init__(self, atoms: list[Atom], verdicts: Verdicts) -> None:
        self.atoms = atoms
        self.verdicts = verdicts
        self.found: dict[tuple[int, int], Comparison] = {}

    def compare(self, i: int, j: int) -> Comparison:
        """What comparing two atoms found; a person's verdict comes before any evidence."""
        pair = (i, j) if i < j else (j, i)
        if (known := self.found.get(pair)) is None:
            a, b = self.atoms[pair[0]].face, self.atoms[pair[1]].face
            known = self.found[pair] = self._verdict(a, b) or compare(a, b)
        return known

    def _verdict(self, a: Ad, b: Ad) -> Comparison | None:
        said = self.verdicts.on(a.posting_key, b.posting_key)
        if said == "same":
            return Comparison(100.0, "verdict: same", "full", "", True, ("verdict: same",))
        return Comparison(-100.0, "verdict: different", "full", "verdict: different", False) if said else None

    def joined(self) -> list[list[int]]:
        """The atoms of each job, sorted; jobs in the order of their first atom."""
        union = Union(len(self.atoms))
        members = {i: [i] for i in range(len(self.atoms))}
        for i, j in self._edges():
            a, b = union.find(i), union.find(j)
            if a != b and self._may_join(members[a], members[b], self.compare(i, j).rule == "verdict: same"):
                union.join(a, b)
                members[min(a, b)] = sorted(members.pop(a) + members.pop(b))
        return [members[root] for root in sorted(members)]

    def _edges(self) -> list[tuple[int, int]]:
        """Pairs that join and are not ambiguous, the strongest first."""
        joins = [(pair, self.compare(*pair)) for pair in sorted(self._candidates())]
        edges = [(pair, found) for pair, found in joins if found.joins]
        if len(edges) < 2:
            return [pair for pair, _ in edges]
        fits: dict[int, list[int]] = defaultdict(list)
        for (i, j), _ in edges:
            fits[i].append(j)
            fits[j].append(i)
        clear = [(pair, found) for pair, found in edges if not self._ambiguous(*pair, fits)]
        clear.sort(key=lambda edge: (-edge[1].bits, self._name(edge[0])))
        return [pair for pair, _ in clear]

    def _name(self, pair: tuple[int, int]) -> tuple[str, str]:
        a, b = sorted(self.atoms[i].face.posting_key for i in pair)
        return a, b

    def _ambiguous(self, i: int, j: int, fits: dict[int, list[int]]) -> bool:
        """One of the two fits another atom about as well that cannot be the same job as this one."""
        if len(fits[i]) == len(fits[j]) == 1:
            return False
        bits = self.compare(i, j).bits
        return any(
            self.compare(one, rival).bits > bits - MARGIN and self.compare(other, rival).guard
            for one, other in ((i, j), (j, i))
            for rival in fits[one]
            if rival != other
        )

    def _may_join(self, a: list[int], b: list[int], by_verdict: bool) -> bool:
        """No guard stands between any two; a verdict 'same' overrules all guards but a verdict 'different'."""
        for i, j in itertools.product(_some(a), _some(b)):
            guard = self.compare(i, j).guard
            if guard and (guard == "verdict: different" or not by_verdict):
                return False
        return True

    def _candidates(self) -> set[tuple[int, int]]:
        """Pairs worth comparing: those that share a key, within crowded keys those that share a finer one."""
        if len(self.atoms) <= FEW:
            return set(itertools.combinations(range(len(self.atoms)), 2))
        buckets: dict[int, list[int]] = defaultdict(list)
        for i, atom in enumerate(self.atoms):
            for key in {key for ad in (atom.face, *atom.ads[:1]) for key in block_keys(ad)}:
                buckets[key].append(i)
        pairs = {(min(i, j), max(i, j)) for i, j in self._verdict_pairs()}
        for bucket in buckets.values():
            pairs.update(itertools.combinations(bucket, 2) if len(bucket) <= CROWDED else self._finer(bucket))
        return pairs

    def _verdict_pairs(self) -> Iterator[tuple[int, int]]:
        place = {atom.face.posting_key: i for i, atom in enumerate(self.atoms)} if self.verdicts else {}
        return ((place[a], place[b]) for a, b in self.verdicts.pairs if a in place and b in place)

    def _finer(self, bucket: list[int]) -> Iterator[tuple[int, int]]:
        """Pairs of a crowded bucket that share places, two of the smallest hashes of their texts, or a requisition."""
        finer: dict[object, list[int]] = defaultdict(list)
        for i in bucket:
            ad = self.atoms[i].face
            text = ad.text
            finer["place", ad.places.exact, ad.places.areas].append(i)
            finer["requisition", ad.requisition or i].append(i)
            for n in (0, 2, 4):
                finer["text", text.body[n : n + 2] or i].append(i)
        for same in finer.values():
            if len(same) <= CROWDED:
                yield from itertools.combinations(same, 2)
                continue
            ordered = sorted(same, key=self._by_text)
            for n, i in enumerate(ordered):
                yield from (tuple(sorted((i, j))) for j in ordered[n + 1 : n + 1 + NEIGHBOURS])  # type: ignore[misc]

    def _by_text(self, i: int) -> tuple[object, ...]:
        ad = self.atoms[i].face
        return ad.title, ad.text.body[:4], ad.places, ad.posting_key

    def links(self, group: list[int], job_id: str) -> Iterator[Link]:
        """A link for each ad of a job: atoms by their strongest evidence, their further ads by being the same."""
        for i in group:
            first, *further = self.atoms[i].ads
            yield _founding(first) if first.posting_key == job_id else self._link(i, group)
            for ad in further:
                found = compare(first, ad)
                kind = found.kind if not found.guard else "full"
                yield Link(
                    ad.posting_key,
                    "same lister, same ad",
                    0.9961,
                    kind,
                    first.posting_key,
                    "same in every visible part",
                )

    def _link(self, i: int, group: list[int]) -> Link:
        others = [j for j in group if j != i]
        known = [j for j in others if (min(i, j), max(i, j)) in self.found] or others
        best = max(known, key=lambda j: (not self.compare(i, j).guard, self.compare(i, j).bits, self._name((i, j))))
        found = self.compare(i, best)
        key, partner = self.atoms[i].face.posting_key, self.atoms[best].face.posting_key
        return Link(key, found.rule, found.score, found.kind, partner, "; ".join(found.evidence))


def _some(group: list[int]) -> list[int]:
    """All atoms of a cluster, or, of a large one, evenly chosen representatives."""
    if len(group) <= REPRESENTATIVES:
        return group
    return group[:: -(-len(group) // REPRESENTATIVES)]


def _openings(atoms: Iterable[Atom]) -> int:
    """Seats: the most ads that one lister shows at a time, each page of a hosting system counted once."""
    spans: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for atom in atoms:
        for ad in atom.ads:
            start = float("-inf") if ad.start is None else ad.start
            end = float("inf") if ad.end is None else max(ad.end, start)
            spans[ad.lister].append((start, end, ad.pages[0] if ad.pages else ad.posting_key))
    return max(_most_at_once(lister) for lister in spans.values())


def _most_at_once(spans: list[tuple[float, float, str]]) -> int:
    """The largest number of different ads that are live at one moment."""
    if len(spans) == 1:
        return 1
    events = sorted([(start, 0, name) for start, _, name in spans] + [(end, 1, name) for _, end, name in spans])
    live: dict[str, int] = defaultdict(int)
    most = 0
    for _, ends, name in events:
        live[name] += -1 if ends else 1
        if not live[name]:
            del live[name]
        most = max(most, len(live))
    return most


def _families(groups: list[list[int]], founders: list[str], block: _Block) -> list[str]:
    """The family of each job: the earliest founding ad among openings that are sisters by some pair of their ads."""
    family = Union(len(groups))
    home = {i: g for g, group in enumerate(groups) for i in group}
    for (i, j), found in block.found.items():
        if found.sister:
            family.join(home[i], home[j])
    age = {ad.posting_key: _age(ad) for atom in block.atoms for ad in atom.ads}
    names: dict[int, str] = {}
    for g, founder in enumerate(founders):
        root = family.find(g)
        names[root] = min(names.get(root, founder), founder, key=age.__getitem__)
    return [names[family.find(g)] for g in range(len(groups))]
