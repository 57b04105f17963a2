"""The README says what the settings and the demonstration are today."""

import re

from dev_tools.terminal import ROOT
from items.demonstration.accounts import demonstration_accounts
from items.demonstration.invented import read_people

README = (ROOT / "README.md").read_text("utf-8")
OF_THE_LIBRARY = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
"""Read by boto3 and not by us."""


def variables_read():
    settings = (ROOT / "plan_tracker" / "settings.py").read_text("utf-8")
    names = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', settings)) | {"DATABASE_URL"}
    for command in ROOT.glob("items/management/commands/*.py"):
        names |= set(re.findall(r'^VARIABLE = "([A-Z_]+)"', command.read_text("utf-8"), re.M))
    return names


def test_every_variable_of_the_environment_stands_in_the_table_and_no_other():
    table = README.partition("## Configuration")[2].partition("\n## ")[0]
    first_cells = re.findall(r"^\| (`[^|]+) \|", table, re.M)
    told = set(re.findall(r"`([A-Z_]+)`", " ".join(first_cells)))
    assert told - OF_THE_LIBRARY == variables_read()


def test_the_accounts_of_the_demonstration_stand_in_the_table_with_their_password(settings):
    settings.DEMONSTRATION = True
    table = README.partition("| role | account |")[2].partition("## ")[0]
    for account in demonstration_accounts():
        assert f"`{account.username}`" in table
        assert f"| {account.role} | " in table
    assert f"The password of all of them is `{read_people()['password']}`." in table
