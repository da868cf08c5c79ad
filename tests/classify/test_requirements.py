"""Years of experience, degree, kind of contract and seniority, as ads state them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.classify.conditions import employment, seniority
from flows.classify.requirements import degree_asked, years_asked
from flows.classify.text import read_ad
from flows.classify.titles import read_title

YEARS = [
    ("Requirements\n- 5+ years of experience with Python", (5, None)),
    ("Requirements\n- 3-6 years of backend experience", (3, 6)),
    ("Requirements\n- 3 – 5 years' experience", (3, 5)),
    ("Requirements\n- At least two years of experience", (2, None)),
    ("Requirements\n- Minimum of 3 years in business development", (3, None)),
    ("We ask for five (5) years of experience in software", (5, None)),
    ("Senior engineer, 8+ YOE", (8, None)),
    ("Anforderungen\n- mindestens 3 Jahre Berufserfahrung", (3, None)),
    ("Requisitos\n- 4 años de experiencia con Java", (4, None)),
    ("Requisitos\n- Mínimo 1 año de experiencia con Java", (1, None)),
    ("Requisitos\n- Entre 3 y 5 años de experiencia como ingeniero", (3, 5)),
    ("Requisitos\n- Al menos 3 años participando en equipos de desarrollo", (3, None)),
    ("1) Senior Full-Stack Engineer (7+ yrs) TypeScript\n2) Data Scientist (6+ yrs) Python", (7, None)),
    ("A grant for bakers (5 years) and millers", (None, None)),
    ("Kvalifikationer\n- minst 3 års erfarenhet av Java", (3, None)),
    ("Hvem er du\n- Du har minimum 5 års erfaring", (5, None)),
    ("Odotamme\n- vähintään 3 vuoden kokemus", (3, None)),
    ("Požadavky\n- minimálně 2 roky praxe", (2, None)),
    ("Elvárások\n- legalább 4 év tapasztalat", (4, None)),
    ("Cerințe\n- minim 3 ani experiență", (3, None)),
    ("Wymagania\n- co najmniej 5 lat doświadczenia", (5, None)),
    ("Требования\n- опыт работы от 3 лет", (3, None)),
    ("Требования\n- опыт разработки на Java не менее 2-х лет", (2, None)),
    ("Вимоги\n- досвід роботи від 4 років", (4, None)),
    ("Компании 15 лет, у нас большой опыт", (None, None)),
    ("Wir haben 20 Jahre Erfahrung mit Ambossen", (None, None)),
    ("Anforderungen\n- drei Jahre Erfahrung mit Java", (3, None)),
    ("Wymagania\n- minimum 2-letnie doświadczenie", (2, None)),
    ("Requisitos\n- Al menos dos años de experiencia", (2, None)),
    ("Profil\n- trois ans d'expérience au minimum", (3, None)),
    ("Requisitos\n- pelo menos 3 anos de experiência", (3, None)),
    ("The appointment is for a maximum of three years on a temporary contract", (None, None)),
    ("Requirements\n- 5+ years of experience in Go\n- 2+ years of experience leading", (5, None)),
    ("Nice to have\n- 8+ years of experience\nRequirements\n- 4+ years of experience", (4, None)),
    ("Hiring generalists (2+ years exp) and one of infrastructure", (2, None)),
    ("We have been in business for 20 years", (None, None)),
    ("Founded by a team with 20+ years of combined experience\nRequirements\n- 8 years of experience", (8, None)),
    ("Requirements\n- one year with Kotlin, or 2 to 3 years of experience in backend development", (1, None)),
    ("For over 10 years our team has grown", (None, None)),
    ("You must be 18 years of age", (None, None)),
    ("Equity vests over 4 years", (None, None)),
    ("Benefits\n- a sabbatical after 5 years of service", (None, None)),
    ("A four-year degree from an accredited university", (None, None)),
    # a label over a line of its own; a long name of the work between the years and 'experience'
    ("Min. experience\n5+ years\nHours per week\n25 hours", (5, None)),
    ("Lanterns sold\n5 years\nHours per week\n25 hours", (None, None)),
    (
        "This career opportunity is a good match for you if you have:\n- 6+ years of Belgian harbour customer-facing technical pre- and post-sales"
        " Lantern Architect (or similar) experience",
        (6, None),
    ),
    # in brief, after a dash without a blank, in brackets
    ("Platform Engineer: core back end. 4+ yrs production software. Rust Engineer: 7+ yrs Rust.", (4, None)),
    ("We want builders (3–10 yrs) who own things", (3, 10)),
    ("Requirements\n-7+ years in software engineering", (7, None)),
    ("Someone who has spent a long time (5+ years) working on lanterns", (5, None)),
    ("You've been building anvils in Go for 4+ years", (4, None)),
    ("Requirements\n- Minimum 2 years of successful experience in a closing role", (2, None)),
    ("A degree, combined with professional experience of more than 6 years' experience", (6, None)),
    # what is taken for a degree, or only wished for, or how long something lasts
    ("Requirements\n- A degree; OR 2+ years of professional experience in software in lieu of a degree", (None, None)),
    ("Requirements\n- Lantern making: 1 year (Preferred)", (None, None)),
    ("You write code, with a commitment of at least 1 year. In our team it is fun.", (None, None)),
    ("We grew in just over three years; with more users every day", (None, None)),
    ("You might be a fit if you\n- Have 3+ years in lantern onboarding", (3, None)),
    ("You'll thrive if you have: - 8+ years in ML / Data Science (a doctorate counts)", (8, None)),
    ("We raised money, have >4 years of runway, and grow", (None, None)),
    ("We are a tight-knit team of 6 people with 10+ years of experience working together.", (None, None)),
    ("", (None, None)),
]


@pytest.mark.parametrize(("text", "believed"), YEARS)
def test_years_of_experience(text: str, believed: tuple[int | None, int | None]) -> None:
    found = years_asked(read_ad(text))
    assert (found.low, found.high) == believed
    assert bool(found.because) == (found.low is not None)


DEGREES = [
    ("Requirements\n- Bachelor's degree in Computer Science", "required"),
    ("Requirements\n- BS/MS in Computer Science or related field", "required"),
    ("Requirements\n- Bachelor's degree or equivalent experience", "preferred"),
    ("Requirements\n- MS in Computer Science", "required"),
    ("Requirements\n- BS in Computer Science or equivalent degree", "required"),
    ("Requisitos\n- Graduação em Computação, área afim ou experiência equivalente", "preferred"),
    ("Requisitos\n- Bacharelado em Computação", "required"),
    ("Anforderungen\n- Studium der Informatik oder Ausbildung zum Fachinformatiker", "preferred"),
    ("Profil\n- Diplôme d'école d'ingénieur ou expérience équivalente", "preferred"),
    ("Требования\n- высшее техническое образование", "required"),
    ("Вимоги\n- вища освіта", "required"),
    ("Wymagania\n- wykształcenia wyższego", "required"),
    ("Kvalifikationer\n- universitetsexamen i datavetenskap", "required"),
    ("Requisitos\n- Formação em Computação", "required"),
    ("Requirements\n- HBO werk- en denkniveau", "required"),
    ("Requirements\n- You have sold series to HBO and others", "none"),
    ("Requirements\n- M.S., Ph.D. in Physics", "required"),
    ("Requirements\n- A Juris Doctor from an accredited school", "required"),
    ("Requirements\n- MS Office and MS Teams", "none"),
    ("Requirements\n- A high-school degree or equivalent", "none"),
    ("Requirements\n- A degree in a technical field is a plus", "preferred"),
    ("Nice to have\n- PhD in machine learning", "preferred"),
    ("Requirements\n- MS in Statistics preferred\n- Bachelor's degree", "required"),
    ("Anforderungen\n- Abgeschlossenes Studium der Informatik", "required"),
    # what is wished for beyond the degree that is asked
    ("Requirements\n- Bachelor’s degree in Physics or a related field (Master’s or PhD preferred)", "required"),
    ("Requirements\n- Bachelor's degree required; Master's preferred", "required"),
    ("Requirements\n- Bachelor's degree in Physics, an advanced degree is a plus", "required"),
    ("Requirements\n- Bachelor's or Master's degree preferred", "preferred"),
    ("Requirements\n- Master's degree preferred", "preferred"),
    ("Requirements\n- Bachelor's degree preferred, Master's degree a plus", "preferred"),
    ("Requirements\n- BS degree along with 8 years of experience or 6 years with a Master's degree", "required"),
    ("Requirements\n- Bachelor's degree or 6 years of experience", "preferred"),
    ("Requirements\n- A degree in Physics, or a background in statistics", "preferred"),
    ("You have / We look for / Requirements\nJ.D. from an accredited school", "required"),
    ("Will be a plus:\n- Bachelor's degree in Physics", "preferred"),
    ("Education: Any Degree (Physics)", "required"),
    ("- B.S., M.S., or Ph.D. in Physics", "required"),
    ("Requirements\n- JD with 6+ years of practice", "required"),
    ("Requirements\n- PhD level in a quantitative subject", "required"),
    ("Requirements\n- BS degree or equivalent from a recognized institute", "required"),
    ("Requirements\n- A university degree (preferably in Physics)", "required"),
    ("Requirements\n- Degree in Physics or meaningful industry experience", "preferred"),
    ("Requirements\n- Master's degree in Physics (not strictly required)", "preferred"),
    ("Duties\n- Weekly supervision by a doctorate-level analyst; you guide PhD students", "none"),
    ("Requirements\n- No degree required", "none"),
    ("Requirements\n- A high degree of autonomy", "none"),
    ("Requerimientos del cargo\n- Título profesional de una carrera de ocho semestres", "required"),
    ("Requerimientos del cargo\n- Ingeniería Civil en Informática, o experiencia equivalente", "preferred"),
    ("Nice to have\n- Azure\nBehavioural and other requirements\n- Bachelor's degree in Computer Science", "required"),
    ("Trabajarás con el equipo de Ingeniería en Santiago", "none"),
    ("Requirements\n- 360-degree feedback and Scrum Master skills", "none"),
    ("Benefits\n- Reimbursement for your degree", "none"),
    ("Profil recherché\n- Bac+5 en informatique", "required"),
    ("Požadavky\n- vysokoškolské vzdělání v IT", "required"),
    ("Nasze wymagania\n- wykształcenie wyższe mile widziane", "preferred"),
    ("Requisitos\n- Licenciatura en Informática deseable", "preferred"),
    ("", "none"),
]


@pytest.mark.parametrize(("text", "believed"), DEGREES)
def test_degree(text: str, believed: str) -> None:
    found = degree_asked(read_ad(text))
    assert found.degree == believed
    assert bool(found.because) == (believed != "none")


CONTRACTS = [
    ("FullTime", "Backend Engineer", "", "full-time"),
    ("Full Time", "Backend Engineer (Part Time)", "", "part-time"),
    ("Contractor", "Backend Engineer", "", "contract"),
    ("FullTime", "Software Engineering Intern", "", "internship"),
    ("PartTime", "Assistant", "", "part-time"),
    ("Temporary", "Assistant", "", "temporary"),
    (None, "Example | Backend Engineer | Remote | Full-time", "", "full-time"),
    (None, "Backend Engineer", "This is a 6-month contract role.", "contract"),
    (None, "Backend Engineer", "This is a full-time position.", "full-time"),
    (None, "Backend Engineer", "Duration: 12+ months contract", "contract"),
    (None, "Backend Engineer", "Rate on C2C or W2", "contract"),
    (None, "Backend Engineer", "Position: Backend Engineer (FULL TIME CONTRACT)", "contract"),
    (None, "Backend Engineer", "You will work with freelancers as a freelance developer", "contract"),
    (None, "Backend Engineer", "Contract type: Freelance", "contract"),
    (None, "Backend Engineer", "We connect the greatest freelancers with firms", "unknown"),
    # full-time work beside another kind, and a contract of full hours
    ("Full-time or freelance", "Backend Engineer", "", "full-time"),
    (None, "Example | Full-time & part-time | Backend Engineer", "", "full-time"),
    # of all who are employed so
    (None, "Backend Engineer", "As part of our team, full-time employees receive: dental.", "unknown"),
    (None, "Backend Engineer", "For full time positions, we offer a range of benefits.", "unknown"),
    (None, "Backend Engineer", "Perks (for Full Time Employees)", "unknown"),
    (None, "Backend Engineer", "This is a position for full-time employees.", "full-time"),
    (None, "Example | Contract or full-time | Backend Engineer", "", "full-time"),
    (None, "Example | Backend Engineer | Full-time contract", "", "contract"),
    (None, "Werkstudent Backend", "", "internship"),
    ("Vollzeit", "Backend Entwickler", "", "full-time"),
    ("Other", "Backend Engineer", "We sign contracts with customers.", "unknown"),
    # a consultant is employed like others; consulting beside a role in a thread's heading is a kind of contract
    ("FullTime", "Solutions Consultant", "", "full-time"),
    ("FullTime", "Head of Consulting", "", "full-time"),
    (None, "Solutions Consultant", "", "unknown"),
    ("FullTime", "Data Engineer (freelance)", "", "contract"),
    (None, "Example | Data Engineer | Remote | Consulting (1 year)", "", "contract"),
    (None, "Example | Solutions Consultant | Ghent", "", "unknown"),
    ("Consulting", "Data Engineer", "", "contract"),
    (None, "Lantern Works - Backend Engineer - Oslo - FT", "", "full-time"),
    (None, "[Lantern Works] Go Developer (remote) FT", "", "full-time"),
    (None, "[Backend Engineer] - [Remote] - [Fulltime]", "", "full-time"),
    (None, "Backend Engineer (full time)", "", "full-time"),
    (None, "Pessoa desenvolvedora backend - CLT/remoto", "", "full-time"),
    (None, "后端工程师 全职", "", "full-time"),
    (None, "FT Lanterns: Backend Engineer", "", "unknown"),
    (None, "Employee Relations Manager", "", "unknown"),
    (None, "Desarrollador backend", "Jornada: tiempo completo, contrato indefinido.", "full-time"),
    (None, "Desenvolvedor backend", "Regime de contratação: CLT.", "full-time"),
    (None, "Développeuse backend", "Poste à temps plein.", "full-time"),
    ("全职", "后端工程师", "", "full-time"),
    ("正社員", "バックエンドエンジニア", "", "full-time"),
    ("実務インターン", "バックエンドエンジニア", "", "internship"),
    ("B2B", "Backend Engineer", "", "contract"),
    ("Permanent, B2B", "Backend Engineer", "", "contract"),
    (None, "Java Developer (B2B)", "", "contract"),
    (None, "Backend Engineer, B2B Payments", "", "unknown"),
    ("PJ", "Desenvolvedor backend", "", "contract"),
    (None, "Acme | Backend Engineer | Remote | Full or part-time", "", "full-time"),
    (None, "Map Checker", "For a student, a part-time/full time professional or a parent.", "unknown"),
    (None, "Map Checker", "A full time professional may apply. You work up to 20 hours per week.", "part-time"),
    (None, "Map Checker", "We answer within up to 20 hours. This is a full-time role.", "full-time"),
    (None, "Desarrollador", "Contrato indefinido a jornada completa.", "full-time"),
    (None, "Développeur", "Type de contrat : CDI", "full-time"),
    (None, "Java Developer", "You know CDI and EJB.", "unknown"),
    (None, "Développeur", "Type de contrat : CDD de 6 mois", "temporary"),
    (None, "Développeur", "Mission freelance de 6 mois", "contract"),
    (None, "Programista", "Umowa o pracę", "full-time"),
    (None, "Programista", "Kontrakt B2B", "contract"),
    (None, "Developer", "We build B2B software.", "unknown"),
    (None, "Desenvolvedor", "Contratação PJ", "contract"),
    (None, "Desenvolvedor", "Regime: contrato PJ", "contract"),
    (None, "Entwickler", "Wir suchen Sie in freier Mitarbeit für ein Jahr.", "contract"),
    (None, "Entwickler", "Wir sind zwölf Angestellte und vier freie Mitarbeiter.", "unknown"),
    (None, "Programmatore", "Inquadramento: partita IVA", "contract"),
    (None, "Programista", "Zatrudnienie w oparciu o umowę o pracę", "full-time"),
    (None, "Entwickler", "In Teilzeit, 20 Stunden pro Woche", "part-time"),
    (None, "Entwickler", "In Vollzeit oder Teilzeit, 20 bis 40 Stunden", "full-time"),
    (None, "Entwickler", "Die Stelle ist unbefristet.", "unknown"),
    (None, "Entwickler", "Die Stelle ist befristet auf zwei Jahre.", "temporary"),
    (None, "Utvecklare", "Heltid, tillsvidareanställning", "full-time"),
    # what bears the word and is none; what narrows a field; what is said of an office
    ("FullTime", "Smart Contract Engineer", "", "full-time"),
    ("FullTime", "Contract Manager", "", "full-time"),
    ("PartTime", "Lamp Trainer - Freelance", "", "contract"),
    (None, "Backend Engineer", "Some of our roles require full-time in-office presence.", "unknown"),
    (None, "Biologist", "Remote | Hourly Contract | $80 an hour", "contract"),
    # posts of both kinds, and an intern of full hours
    (None, "Example - makes lanterns - Ghent - FULLTIME & INTERN", "", "full-time"),
    (None, "Software Engineering Intern (full-time and on site)", "", "internship"),
    # a line of the ad's own is plainer than a board's field
    ("FullTime", "Lantern Seller", "Location: Remote\nContract Type: Contractor", "contract"),
    ("FullTime", "Lantern Seller", "You negotiate every contract type: freelance, fixed, open.", "full-time"),
    (None, "", "", "unknown"),
]


@pytest.mark.parametrize(("field", "title", "text", "believed"), CONTRACTS)
def test_kind_of_contract(field: str | None, title: str, text: str, believed: str) -> None:
    assert employment(field, title, read_ad(text), read_title(title)).kind == believed


STANDINGS = [
    ("Senior Backend Engineer", None, None, "", "senior"),
    ("Principal Engineer", None, 10, "", "lead"),
    ("Engineering Manager", None, 8, "", "manager"),
    ("Senior Manager, Data", None, None, "", "manager"),
    ("Senior Product Manager", None, None, "", "senior"),
    ("Product Manager", None, 7, "", "unspecified"),
    ("Data Architect", None, None, "", "lead"),
    ("Backend Engineer", "Mid-level", None, "", "mid"),
    ("Backend Engineer", None, 3, "", "mid"),
    ("Backend Engineer", None, 4, "", "mid"),
    ("Backend Engineer", None, 5, "", "unspecified"),
    ("Backend Engineer", None, 2, "", "unspecified"),
    ("Backend Engineer", None, 5, "We seek a Senior Backend Engineer for our team", "senior"),
    ("Full Stack Engineer", None, 2, "As a Senior Software Engineer, you own the forge.", "senior"),
    ("Network Engineer", None, None, "Hiring senior+ software engineers for our forges.", "senior"),
    ("Software Engineer, Forges", None, None, "Engineer/Level 2: $90,000 - $110,000", "mid"),
    ("Backend Engineer", None, None, "We are looking for a talented Staff Engineer.", "lead"),
    ("Backend Engineer", None, None, "This is a senior-level role, and you own it.", "senior"),
    ("Backend Engineer", None, None, "We are primarily hiring at senior level.", "senior"),
    ("Backend Engineer", None, None, "We're hiring senior/experienced Elixir developers.", "senior"),
    ("Backend Engineer", None, None, "Open roles:\nBackend Engineer (Senior+)", "senior"),
    ("Backend Engineer", None, None, "Backend Engineer, lead by our CTO, who hires senior managers.", "unspecified"),
    ("Backend Engineer", None, None, "Open roles:\n- Backend Engineer\n- Junior Backend Engineer", "unspecified"),
    ("Backend Engineer", None, None, "Open roles:\n- Junior Backend Engineer", "junior"),
    ("Backend Engineer", None, None, "We’re seeking a Software Engineer II with a love of anvils.", "mid"),
    ("Backend Engineer", None, None, "We're looking for a Data Analyst I to count anvils.", "junior"),
    ("Backend Engineer", None, None, "You sit beside a Software Engineer II.", "unspecified"),
    ("Anvil Engineer", None, None, "We're hiring for a Senior/Staff level Product Engineer.", "senior"),
    ("Software Engineer (All Levels)", None, 3, "", "unspecified"),
    ("Full Stack Engineer", None, None, "We look for a mid-career full stack engineer with flair.", "mid"),
    ("SRE", None, None, "Hiring for a Principal SRE:", "lead"),
    ("Full Stack Engineer, Senior + Staff", None, None, "", "senior"),
    ("President, Anvil Division", None, None, "", "manager"),
    ("Assistant to the President", None, None, "", "unspecified"),
    ("Backend Engineer", None, None, "You report to a Senior Manager and work as a team.", "unspecified"),
    ("Acme makes anvils", None, None, "We're hiring 10-12 summer interns for the forge.", "intern"),
    ("Backend Engineer", None, None, "Our interns love it here.", "unspecified"),
    ("Architect Anvils | Ghent | Remote", None, None, "", "unspecified"),
    ("Anvils | Software Architect | Remote", None, None, "", "lead"),
    ("Account Manager", None, None, "", "unspecified"),
    ("Founding Engineer", None, None, "", "unspecified"),
    ("", None, None, "", "unspecified"),
]


@pytest.mark.parametrize(("title", "field", "years", "text", "believed"), STANDINGS)
def test_seniority(title: str, field: str | None, years: int | None, text: str, believed: str) -> None:
    found = seniority(title, read_title(title), field, years, read_ad(text))
    assert found.seniority == believed
    assert bool(found.because) == (believed != "unspecified")


@given(st.text(alphabet=st.sampled_from("0123456789 +-–yearsofexpinc.\n'degrbahlo"), max_size=300))
def test_any_text_gives_sane_years_and_a_degree(text: str) -> None:
    ad = read_ad(text)
    years = years_asked(ad)
    assert years.low is None or 0 <= years.low <= 25
    assert years.high is None or (years.low is not None and years.high > years.low)
    assert degree_asked(ad).degree in {"required", "preferred", "none"}
