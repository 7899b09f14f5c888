"""The words that printed documents share: letterhead, exhibition, tables of applicants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.registration.domain.exhibition.state import Exhibition
from shared.contracts.ids import enterprise_of
from shared.contracts.printed_document import Column, LabelledValue, Section, Signature, Table
from shared.contracts.provinces import NAMES
from shared.contracts.words import Applicant, Scope
from shared.contracts.written_day import written_day

PLACE = "Jakarta"
SCOPES = {Scope.DOMESTIC: "Dalam Negeri", Scope.OVERSEAS: "Luar Negeri"}
APPLICANT_COLUMNS = (
    Column(heading="No.", numbers=True),
    Column(heading="Nama pelaku usaha", share=5),
    Column(heading="Provinsi", share=3),
    Column(heading="Sektor", share=1),
)


@dataclass(frozen=True, kw_only=True)
class Named:
    """An applicant with its name, or with its id where the name is not known."""

    name: str
    applicant: Applicant


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """The document about the same thing that a new one supersedes."""

    number: str
    issued_on: date


@dataclass(frozen=True, kw_only=True)
class Heading:
    """The number, the day and the person of a document that is to be issued.

    `earlier` is the one that it supersedes, if there is one.
    """

    number: str
    issued_on: date
    position: str
    signatory: str
    earlier: Earlier | None = None

    @property
    def signature(self) -> Signature:
        """Return the block in which the document is signed."""
        return Signature(place=PLACE, position=self.position, name=self.signatory)

    def replaces(self, this: str, noun: str) -> tuple[str, ...]:
        """Return the paragraph that names the earlier document, if there is one."""
        earlier = self.earlier
        if earlier is None:
            return ()
        day = indonesian_day(earlier.issued_on)
        return (f"{this} menggantikan {noun} nomor {earlier.number} tanggal {day}.",)


def indonesian_day(at: date) -> str:
    """Return a day as people write it: `1 Maret 2018`."""
    return written_day(at).id


def province(applicant: Applicant) -> str:
    """Return the name of the applicant's province."""
    return NAMES[applicant.province.iso]


def exhibition_facts(held: Exhibition) -> tuple[LabelledValue, ...]:
    """Return the lines about an exhibition that is planned."""
    assert held.plan is not None, "an exhibition with a selection is planned"
    days = f"{indonesian_day(held.plan.starts_on)} sampai {indonesian_day(held.plan.ends_on)}"
    return (
        LabelledValue(label="Pameran", value=held.name),
        LabelledValue(label="Lingkup", value=SCOPES[held.scope]),
        LabelledValue(label="Penyelenggara", value=held.organiser),
        LabelledValue(label="Tempat", value=f"{held.plan.venue}, {held.city}"),
        LabelledValue(label="Tanggal", value=days),
        LabelledValue(label="Tahun anggaran", value=held.programme),
    )


def applicants(
    heading: str, applications: Sequence[str], named: Mapping[str, Named], *, empty: str
) -> Section:
    """Return the numbered list of these applications, in their order."""
    rows = tuple(
        (str(number), *_applicant(named[application]))
        for number, application in enumerate(applications, 1)
    )
    return Section(heading=heading, table=Table(columns=APPLICANT_COLUMNS, rows=rows, empty=empty))


def names_of(applications: Sequence[str], named: Mapping[str, Named]) -> str:
    """Return the names of these applications in a line; an id where a name is not known."""
    return "; ".join(
        named[each].name if each in named else enterprise_of(each) for each in applications
    )


def _applicant(named: Named) -> tuple[str, str, str]:
    return named.name, province(named.applicant), f"KBLI {named.applicant.sector}"
