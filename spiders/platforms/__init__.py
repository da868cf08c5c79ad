"""One class per hosting system; its companies are rows of config/tenants.csv."""
