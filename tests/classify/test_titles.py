"""Titles: roles, level and core as read against the taxonomy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.load_taxonomy import roles
from flows.classify.titles import read_title, roles_in

ROLES = [
    ("Back End Developer/Engineer", ["backend-developer"]),
    ("Backend Software Engineer (m/f/d)", ["backend-developer"]),
    ("Senior Software Engineer, Backend (Payments)", ["backend-developer"]),
    ("Golang Developer", ["backend-developer"]),
    (".NET Developer", ["backend-developer"]),
    ("Backend Architect", ["backend-architect"]),
    ("Systems Architect (Backend / no CRUD)", ["software-architect", "backend-architect"]),
    ("Data Scientist Analyst", ["data-scientist"]),
    ("Full-Stack Engineer", ["full-stack-developer"]),
    ("React Developer", ["front-end-developer"]),
    ("Software Engineer", ["software-engineer"]),
    ("Embedded C++ Developer", ["software-engineer"]),
    ("Software Architect", ["software-architect"]),
    ("DevOps Engineer", ["devops-engineer"]),
    ("Site Reliability Engineer (SRE)", ["site-reliability-engineer"]),
    ("AWS Cloud Engineer", ["cloud-engineer"]),
    ("Linux System Administrator", ["systems-engineer"]),
    ("Network Engineer", ["network-engineer"]),
    ("PostgreSQL DBA", ["database-administrator"]),
    ("Analytics Engineer", ["data-engineer"]),
    ("Business Intelligence Analyst", ["data-analyst"]),
    ("Staff Data Scientist", ["data-scientist"]),
    ("MLOps Engineer", ["machine-learning-engineer"]),
    ("Applied Scientist", ["machine-learning-engineer"]),
    ("Generative AI Engineer", ["ai-developer"]),
    ("Penetration Tester", ["cybersecurity-analyst"]),
    ("Senior Product Designer", ["ux-ui-designer"]),
    ("User Researcher", ["ux-researcher"]),
    ("AR/VR Developer", ["virtual-reality-developer"]),
    ("Application Security Tester", ["cybersecurity-analyst"]),
    ("Game Tester", []),
    ("Cloud Security Analyst", ["cybersecurity-analyst"]),
    ("Product Data Analyst", ["data-analyst"]),
    ("IT Apps Developer", ["software-engineer"]),
    ("Administrator, Database", ["database-administrator"]),
    ("Software Engineer - Identity Verification", ["backend-developer"]),
    ("DAG Architect (Airflow)", ["data-engineer"]),
    ("Interview Engineer", []),
    # what somebody minds is no field of work
    ("Security-conscious Systems Administrators", ["systems-engineer"]),
    # several roles, in the title's order
    ("Backend + Data Engineer", ["backend-developer", "data-engineer"]),
    ("Software Engineers (backend or full-stack)", ["backend-developer", "full-stack-developer"]),
    ("Senior Java Engineer, Support Engineer, UX Designer", ["backend-developer", "ux-ui-designer"]),
    ("Software Engineers / DevOps", ["software-engineer", "devops-engineer"]),
    # for whom another office works
    ("Developer Marketing Lead", []),
    ("Engineering Support", []),
    ("Developer, Sales Tools", ["software-engineer"]),
    # other languages
    ("Softwareentwickler Java (m/w/d)", ["backend-developer"]),
    ("Ingénieur logiciel backend H/F", ["backend-developer"]),
    ("Desarrollador Backend", ["backend-developer"]),
    ("Pessoa Desenvolvedora Backend Java Sênior", ["backend-developer"]),
    ("Inżynier oprogramowania", ["software-engineer"]),
    ("Analista de datos", ["data-analyst"]),
    ("データ", []),
    ("バックエンドエンジニア", ["backend-developer"]),
    ("Backendutvecklare", ["backend-developer"]),
    ("Ingénieur système", ["systems-engineer"]),
    ("Administrador de base de datos", ["database-administrator"]),
    ("Científico de datos", ["data-scientist"]),
    ("Arquitecto Cloud", ["cloud-engineer"]),
    ("Analista de ciberseguridad", ["cybersecurity-analyst"]),
    ("Designer de Produto", ["ux-ui-designer"]),
    ("Specjalista ds. cyberbezpieczeństwa", ["cybersecurity-analyst"]),
    ("Software Development Intern", ["software-engineer"]),
    ("Werkstudent Softwareentwicklung", ["software-engineer"]),
    ("Low-level Developers", ["software-engineer"]),
    ("Design Lead", ["ux-ui-designer"]),
    ("Mobile Backend Engineer", ["backend-developer"]),
    ("Embedded Linux Engineer", ["software-engineer"]),
    ("On-site Software Engineer", ["software-engineer"]),
    ("Site Reliability Engineer", ["site-reliability-engineer"]),
    ("Backend Development Engineer", ["backend-developer"]),
    ("Senior API Developer", ["backend-developer"]),
    ("Mobile Application Security Engineer", ["cybersecurity-analyst"]),
    ("Oracle PL/SQL Developer", ["backend-developer"]),
    ("UI/UX Developer", ["front-end-developer"]),
    ("UI/UX Designer", ["ux-ui-designer"]),
    ("Analytics Sr Engineer", ["data-engineer"]),
    ("Analytics Sr Software Engineer (Federal)", ["data-engineer"]),
    ('IT Specialist (APPSW) "Software Engineer"', ["software-engineer"]),
    ("Haskell Engineer", ["backend-developer"]),
    ("F# Developer", ["backend-developer"]),
    ("Java / Linux Engineer", ["backend-developer"]),
    ("Linux Engineer", ["systems-engineer"]),
    (".NET Azure Developer", ["backend-developer"]),
    ("Azure Developer", ["cloud-engineer"]),
    ("GCP Data Engineer", ["data-engineer"]),
    ("Okta Administrator", ["systems-engineer"]),
    ("Reports Engineer", ["data-analyst"]),
    ("SQL Server Developer", ["database-administrator"]),
    ("Web Crawler Engineer", ["data-engineer"]),
    ("Smart Contracts Engineer", ["software-engineer"]),
    ("Neural Network Engineer", ["machine-learning-engineer"]),
    ("Penetration Testing Lead", ["cybersecurity-analyst"]),
    ("Notifications Engineer", ["backend-developer"]),
    ("Open Source Engineer", ["software-engineer"]),
    ("Full Stack Engineer (Backend focused)", ["full-stack-developer", "backend-developer"]),
    # who develops systems programs them
    ("Systems Developer", ["software-engineer"]),
    ("Java Systems Developer", ["backend-developer"]),
    ("Embedded Systems Developer", ["software-engineer"]),
    ("Distributed Systems Developer", ["backend-developer"]),
    ("Systems Engineer", ["systems-engineer"]),
    ("IT Developer", ["software-engineer"]),
    ("Solutions Developer", ["software-engineer"]),
    ("Solutions Engineer", []),
    ("Technology Lead - Java", ["backend-developer"]),
    ("ETL Architect", ["data-engineer"]),
    ("IAM Architect", ["cybersecurity-analyst"]),
    ("Telecom Engineer", ["network-engineer"]),
    ("GraphQL Engineer", ["backend-developer"]),
    ("Solana Engineer", ["software-engineer"]),
    ("Vision Engineer", ["machine-learning-engineer"]),
    ("Data Entry Analyst", []),
    ("Java Developer (PostgreSQL)", ["backend-developer"]),
    ("PostgreSQL Engineer", ["database-administrator"]),
    ("SharePoint/Microsoft 365 .NET Developer", ["software-engineer"]),
    ("Applied ML Researcher", ["machine-learning-engineer"]),
    ("Applied ML Scientist", ["machine-learning-engineer"]),
    ("Machine Learning Platform Architect", ["machine-learning-engineer"]),
    ("Red Team Lead", ["cybersecurity-analyst"]),
    ("Java FS Developer", ["full-stack-developer"]),
    ("Data Scientist Engineer", ["data-scientist"]),
    ("Tech Product Mgr", []),
    ("Adobe Experience Manager Developer", ["software-engineer"]),
    ("Développeur.se Java", ["backend-developer"]),
    ("Développeur·euse backend", ["backend-developer"]),
    ("Ingénieur(e) logiciel", ["software-engineer"]),
    ("Administrateur.trice système Linux", ["systems-engineer"]),
    ("Analista programmatore", ["software-engineer"]),
    ("Розробник Java", ["backend-developer"]),
    ("Yazılım Geliştirici", ["software-engineer"]),
    # a rank before the role
    ("Expert Security Engineer", ["cybersecurity-analyst"]),
    ("Consultant Data Engineer", ["data-engineer"]),
    ("Specialist Solutions Engineer", []),
    ("Expert / Data Engineer", ["software-engineer", "data-engineer"]),
    ("Lead Consultant - Java", ["backend-developer"]),
    # the employer's name says nothing of the role
    ("Stellar Example AI: Software Engineer", ["software-engineer"]),
    ("Chief Example: Full Stack Engineer", ["full-stack-developer"]),
    ("Software Engineer at Example Data", ["software-engineer"]),
    ("Backend: Senior Software Engineer", ["backend-developer"]),
    ("Senior Backend Engineer, Billing: Invoices", ["backend-developer"]),
    # an own name before the noun stands; what follows is a field
    ("Full-Stack Engineer (AI + Backend)", ["full-stack-developer"]),
    # roles side by side
    ("iOS & Backend", ["backend-developer"]),
    ("Software Engineers & DevRel", ["software-engineer"]),
    ("Senior Software Engineers (Frontend, Mobile)", ["front-end-developer"]),
    # outside the taxonomy
    ("Backend QA", []),
    ("Real Estate Developer", []),
    ("Ingénieur commercial", []),
    ("Brand Design Lead", []),
    ("Engineering Manager, Backend", []),
    ("Director of Software Engineering", []),
    ("Product Manager", []),
    ("Sales Engineer", []),
    ("Mobile Software Engineer", []),
    ("Android Platform Engineer", []),
    ("Mobile QA Engineer", []),
    ("Engineering Operations Manager", []),
    ("Software Development Program Manager", []),
    ("Site Engineer", []),
    ("Developer Marketing Manager", []),
    ("Release Train Engineer", []),
    ("Power Systems Engineer", []),
    ("Process Improvement Engineer", []),
    ("iOS/AI Engineer", []),
    ("Partnership Engineer", []),
    ("iOS Developer", []),
    ("Senior Backend QA Engineer", []),
    ("Software Development Engineer in Test - Full Stack", []),
    ("Mechanical Design Engineer", []),
    ("Aeronautical / UAV Engineer", []),
    ("Product Application Engineer", []),
    ("Physics Expert", []),
    ("Traffic Engineer", []),
    ("Programador CNC", []),
    ("Inżynier sprzedaży", []),
    ("Developer Success Engineer", []),
    ("Java Developer Support Engineer", []),
    ("Account Executive", []),
    ("Developer marketers", []),
    ("Data strategists", []),
    ("", []),
    ("🎉🚀", []),
]


@pytest.mark.parametrize(("title", "slugs"), ROLES)
def test_roles_that_a_title_names(title: str, slugs: list[str]) -> None:
    assert list(roles_in(title)) == slugs


CORES = [
    ("Back End Developer/Engineer", "backend developer"),
    ("Backend Software Engineer (m/f/d)", "backend developer"),
    ("Sr. Back-End Engineer", "backend developer"),
    ("Software Engineer II, Backend", "backend developer"),
    ("Senior Software Engineer, Backend (Payments)", "backend developer payments"),
    ("Senior Backend Developer - Search", "backend developer search"),
    ("Software Developer", "software engineer"),
    ("Data Platform Engineer", "software engineer data platform"),
    ("Software Engineer, Data Platform", "software engineer data platform"),
    ("UI/UX Designer", "ux designer"),
    ("Sales Engineer", "sales engineer"),
    ("Software Engineer Intern (Summer 2026)", "software engineer"),
    ("Summer 2026 Software Engineer Intern", "software engineer"),
    ("Software Engineer Intern, Fall/Spring 2026-2027", "software engineer"),
    ("Software Engineer, New Grad 2026", "software engineer"),
    ("Backend Engineer Intern - Spring 2026", "backend developer"),
    ("Backend Engineer Intern (January 2027)", "backend developer"),
    ("Backend Engineer Summer Intern", "backend developer"),
    ("Werkstudent Backend Sommersemester 2026", "backend developer"),
    ("Praktikum Backend Developer WS 2025/26", "backend developer"),
    ("Backend Engineer, Spring 5", "backend developer spring 5"),
    ("Backend Engineer, Dynamics 365", "backend developer dynamics 365"),
    ("", ""),
]


@pytest.mark.parametrize(("title", "core"), CORES)
def test_spellings_of_a_title_meet_in_its_core(title: str, core: str) -> None:
    assert read_title(title).core == core


LEVELS = [
    ("Placement Year Software Engineer", "Intern", "intern"),
    ("Placement Consultant", "", ""),
    ("Senior Backend Engineer", "Senior", "senior"),
    ("Sr. Data Analyst", "Senior", "senior"),
    ("Jr. Frontend Developer", "Junior", "junior"),
    ("Senior/Staff Backend Engineer", "Senior Staff", "senior"),
    ("Senior & Staff Backend Engineers", "Senior Staff", "senior"),
    ("Backend Engineer, Senior + Staff", "Senior Staff", "senior"),
    ("Senior or Staff Backend Engineer", "Senior Staff", "senior"),
    ("Senior oder Lead Entwickler", "Senior Lead", "senior"),
    ("Senior Staff Engineer", "Senior Staff", "lead"),
    ("Software Engineer II", "II", "mid"),
    ("Software Engineer 2 (Golang)", "II", "mid"),
    ("Senior Software Engineer II", "Senior II", "senior"),
    ("Machine Learning Engineer I", "I", "junior"),
    ("Staff+ Software Engineer", "Staff", "lead"),
    ("Lead DevOps Engineer", "Lead", "lead"),
    ("Software Engineering Intern", "Intern", "intern"),
    ("Graduate Software Engineering Intern", "Graduate Intern", "intern"),
    ("Software Engineer Graduate Intern", "Graduate Intern", "intern"),
    ("Developer Graduates (f/d/m)", "Graduate", "junior"),
    ("Werkstudent Frontend-Entwicklung", "Intern", "intern"),
    ("Stagiaire Marketing", "Intern", "intern"),
    ("Graduate Program Data Analytics", "Graduate", "junior"),
    ("Head of Engineering", "Head", "manager"),
    ("Starszy programista", "Senior", "senior"),
    ("Marketing Lead", "Lead", "lead"),
    ("Design Lead", "Lead", "lead"),
    ("Lead Product Designer", "Lead", "lead"),
    ("Lead Generation Manager", "", ""),
    ("Warehouse Associate", "", ""),
    ("Creative Director", "", ""),
    ("Executive Assistant to the CEO", "", ""),
    ("Senior level systems engineers", "Senior", "senior"),
    ("Data Entry Admin", "", ""),
    ("Backend Engineer", "", ""),
]


@pytest.mark.parametrize(("title", "level", "seniority"), LEVELS)
def test_level_of_a_title(title: str, level: str, seniority: str) -> None:
    read = read_title(title)
    assert (read.level, read.seniority) == (level, seniority)


def test_level_and_markers_never_change_the_core() -> None:
    spellings = ["Backend Engineer", "Senior Backend Engineer", "Backend Engineer III", "Lead Backend Engineer (f/m/d)"]
    assert {read_title(title).core for title in spellings} == {"backend developer"}


@given(st.text(max_size=400))
def test_any_text_is_read_and_names_only_roles_of_the_taxonomy(title: str) -> None:
    read = read_title(title)
    assert set(read.roles) <= set(roles())
    assert read.core == read.core.strip()


@pytest.mark.parametrize("bad", ["a" * 10_000, "(" * 10_000, "m/f/" * 3_000, "C++ " * 3_000, "\ud800", "‮Backend‬"])
def test_hostile_titles_are_read(bad: str) -> None:
    assert isinstance(read_title(bad).core, str)
