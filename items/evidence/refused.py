"""How a file of 佐證資料 is refused."""


class FileRefused(Exception):
    """This one file cannot be attached; `sentence` says why and what to do.

    The sentence does not name the file: the page that shows it does.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
