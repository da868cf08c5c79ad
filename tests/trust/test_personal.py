"""C-11: what is masked as personal data, measured on labelled lines in the shape of real advertisements.

People, firms and numbers are invented: example.com addresses; telephone numbers that numbering plans keep for fiction or
that stand in the form of a country's plan.
"""

from __future__ import annotations

from flows.clean import personal

PERSONAL = (
    # (line, what of it must not be left; each stands there as it is printed)
    ("Send your CV to jobs@example.com.", "jobs@example.com"),
    ("Contact: Jane Doe <jane.doe@mail.example.com>", "jane.doe@mail.example.com"),
    ("jane_doe+hiring@example.co.uk", "jane_doe+hiring@example.co.uk"),
    ("Mail us: HR@EXAMPLE.COM!", "HR@EXAMPLE.COM"),
    ("mailto:talent@example.io?subject=Back-end%20Developer", "talent@example.io"),
    ("(careers@example.com)", "careers@example.com"),
    ("e-mail:jobs@example.de, Betreff: Entwickler", "jobs@example.de"),
    ("j.o'neill@example.com is your contact", "neill@example.com"),
    ("Apply: 1234@example.com", "1234@example.com"),
    ("recruiting@sub.dept.example.org / Slack", "recruiting@sub.dept.example.org"),
    ("jane.doe @ example.com", "jane.doe @ example.com"),
    ("jane [at] example dot com", "jane [at] example dot com"),
    ("jane (at) example (dot) com", "jane (at) example (dot) com"),
    ("jane(at)example.com", "jane(at)example.com"),
    ("jane.doe[at]example[dot]com", "jane.doe[at]example[dot]com"),
    ("jane {at} example {dot} io", "jane {at} example {dot} io"),
    ("hiring AT example DOT com", "hiring AT example DOT com"),
    ("jane.doe at example dot co dot uk", "jane.doe at example dot co dot uk"),
    ("jobs <at> example.com", "jobs <at> example.com"),
    ("jobs[@]example.com", "jobs[@]example.com"),
    ("maria (ät) example.de", "maria (ät) example.de"),
    ("bewerbung(at)example(punkt)de", "bewerbung(at)example(punkt)de"),
    ("Write jane@example.com or john@example.com", "john@example.com"),
    ("<p>Ask <a>eva@example.se</a></p>", "eva@example.se"),
    ("Questions?\nops-team@example.dev\nWe answer within a day.", "ops-team@example.dev"),
    ("Call +49 30 901820 for details", "+49 30 901820"),
    ("Telefon: +49 (0) 30 901820-11", "901820-11"),
    ("Tel: 030 901820", "030 901820"),
    ("Tel.: 030/901820", "030/901820"),
    ("Mobil: 0171 5550123", "0171 5550123"),
    ("WhatsApp +44 7700 900123", "+44 7700 900123"),
    ("ring 0044 20 7946 0018 today", "0044 20 7946 0018"),
    ("Phone: 020 7946 0018", "020 7946 0018"),
    ("Call (415) 555-2671 today", "(415) 555-2671"),
    ("Call 415-555-2671 x12", "415-555-2671"),
    ("415.555.2671", "415.555.2671"),
    ("Text me at 415 555 2671", "415 555 2671"),
    ("+1 415 555 2671", "+1 415 555 2671"),
    ("+1 (415) 555-2671", "+1 (415) 555-2671"),
    ("+14155552671", "+14155552671"),
    ("1-415-555-2671", "415-555-2671"),
    ("tel:+14155552671", "14155552671"),
    ("<a>tel:+49-30-901820</a>", "30-901820"),
    ("Téléphone : +33 1 99 00 12 34", "99 00 12 34"),
    ("Tél. 01 99 00 12 34", "01 99 00 12 34"),
    ("+33 (0)6 39 98 12 34", "39 98 12 34"),
    ("Teléfono: +34 600 123 456", "600 123 456"),
    ("+48 512 345 678", "512 345 678"),
    ("tel. 512-345-678", "512-345-678"),
    ("+31 20 123 4567", "20 123 4567"),
    ("+46 8 123 456 78", "123 456 78"),
    ("+351 912 345 678", "912 345 678"),
    ("+91 98765 43210", "98765 43210"),
    ("+55 11 91234-5678", "91234-5678"),
    ("+61 2 5550 1234", "5550 1234"),
    ("☎ +43 1 5350535", "5350535"),
    ("📞 +41 44 668 18 00", "668 18 00"),
    ("Fax: +49 30 901821", "+49 30 901821"),
    ("Reach me on +353 85 012 3456 any time", "85 012 3456"),
    ("Call us: 0800 555 0123", "0800 555 0123"),
)  # fmt: skip
HARD = (
    "Versions 3.11.4 and 3.12.0 of Python, Kafka 3.7.1, PostgreSQL 16.4-2.pgdg120+1",
    "Salary 100 000 - 120 000 EUR a year", "Salary: $120,000 - $150,000", "USD 70-90/hour", "60.000 € bis 75.000 € brutto", "₹ 12,00,000 - 18,00,000",
    "PLN 18 000 - 24 000 net + VAT", "CHF 120'000.- per year", "£45,000.00", "Budget 1 500 000 USD", "up to 2500000 requests a second",
    "Founded in 2015, 2016-2024 grown to 2 300 people", "01.02.2026 - 31.12.2026", "Start date: 2026-11-01", "2026/11/01 12:30:45", "Apply before 11/30/2026",
    "Requisition 20261101", "Job ID: 4155552671", "Req #R-0012345", "JR-2026-0012345", "Ticket 1234567890", "ISO 27001:2022, SOC 2, RFC 9309", "IEC 62304 / ISO 13485",
    "Version 1.2.3.4, 24/7, RFC 2119", "IP 10.0.0.1 to 10.0.0.254", "192.168.100.200", "UUID 123e4567-e89b-12d3-a456-426614174000",
    "99.999 % uptime, 1 000 000 000 rows", "2 147 483 647 is a limit", "hash 900150983cd24fb0d6963f7d28e17f72", "10 000 000+ users in 190 countries",
    "at 10 dot points we work at scale", "We look at the big picture and dot the i", "look at example and connect the dot to it", "Node.js @ scale",
    "@dataclass and @property", "@Component({selector: 'x'})", "git@github", "npm install @scope/package@1.2.3", "we meet @ 10:00 daily",
    "follow us @example", "user@host syntax of ssh", "1:1s, 40h/week, 30 days of holiday", "4 x 10 hours", "ZIP 94105-1234", "10115 Berlin, Unter den Linden 77",
    "Room 415, Building 555", "HRB 123456 B, USt-IdNr. DE123456789", "VAT GB123456789", "IBAN DE89 3704 0044 0532 0130 00", "CIN U72200KA2015PTC012345",
    "ABN 51 824 753 556", "401(k) match up to $6,000", "Series B: $25 000 000", "Java 8/11/17/21", "C++11/14/17/20", "Go 1.21-1.23", "802.11 a/b/g/n, 5 000 Mbit/s",
    "Coordinates 52.520008, 13.404954", "EU 2016/679 (GDPR)", "CVE-2026-123456", "6-12 months, 3-5 years, 20-25 h", "2.5-3.5 years (2020-2023)",
    "Stack 3 800 000 000 events a day", "ratio 1:1000000", "port 5432, 8080-8090", "0x7f000001 or 2130706433", "https://example.com/jobs/4155552671",
    "https://example.com/tel/030-901820/x", "Reference: 2026-11-01-0042", "DUNS 15-048-3782", "Team of 10 - 15 - 20 people",
)  # fmt: skip
"""Lines in which nothing is personal."""
LEAST_PRECISION, LEAST_RECALL = 0.97, 0.97


def left(line: str, secret: str) -> bool:
    """Whether a masked line still holds what is personal in it."""
    return secret in personal.masked(line, "DE") or personal.masked(line, "DE") == line


def touched(line: str) -> bool:
    """Whether something of a line was masked."""
    return personal.masked(line, "DE") != line


def test_c11_the_table_is_large_enough() -> None:
    assert len(set(PERSONAL)) == len(PERSONAL) >= 50
    assert len(set(HARD)) == len(HARD) >= 50


def test_c11_precision_and_recall() -> None:
    missed = [line for line, secret in PERSONAL if left(line, secret)]
    wrong = [line for line in HARD if touched(line)]
    found = len(PERSONAL) - len(missed)
    precision, recall = found / (found + len(wrong)), found / len(PERSONAL)
    print(f"{len(PERSONAL)} personal, {len(HARD)} not: precision {precision:.3f}, recall {recall:.3f}")
    print(*missed, "---", *wrong, sep="\n")
    assert precision >= LEAST_PRECISION, wrong
    assert recall >= LEAST_RECALL, missed
