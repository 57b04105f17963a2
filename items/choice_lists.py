"""A list that an office writes and others choose from, one a line: 落後因素, 申請事由."""

from django.core.exceptions import ValidationError

MOST_CHOICES = 30
"""More is no list to choose from any more."""


def cleaned_list(text: str, *, longest: int) -> str:
    """Its lines without blank ones; raises with every line that cannot stand.

    `longest` is how many characters a line may have.
    """
    choices: list[str] = []
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        choice = line.strip()
        if not choice:
            continue
        if choice in choices:
            problems.append(f"第 {number} 行：「{choice}」前面已經寫過了，請刪掉一行。")
        if len(choice) > longest:
            words = f"有 {len(choice):,} 個字，最多 {longest} 個字，請縮短。"
            problems.append(f"第 {number} 行{words}")
        choices.append(choice)
    if len(choices) > MOST_CHOICES:
        problems.append(f"有 {len(choices)} 個，最多 {MOST_CHOICES} 個，請合併幾個。")
    if problems:
        raise ValidationError(problems)
    return "\n".join(choices)
