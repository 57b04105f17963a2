"""What a browser would send of a page's form, so that a test changes only what a person would."""

from html.parser import HTMLParser


class FormReader(HTMLParser):
    """Collects the values of all fields of the forms of one class."""

    def __init__(self, form_class):
        super().__init__()
        self.form_class = form_class
        self.values = {}
        self.is_inside = False
        self.select = None
        self.textarea = None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self.is_inside = self.form_class in attributes.get("class", "").split()
        if not self.is_inside or "disabled" in attributes:
            return
        name = attributes.get("name")
        if tag == "input" and name:
            self._input(name, attributes)
        elif tag == "select":
            self.select = name
            self.values[name] = None
        elif tag == "option" and self.select is not None:
            # Without a chosen one a browser sends the first.
            if "selected" in attributes or self.values[self.select] is None:
                self.values[self.select] = attributes.get("value", "")
        elif tag == "textarea":
            self.textarea = name
            self.values[name] = ""

    def _input(self, name, attributes):
        if attributes.get("type") in ("checkbox", "radio"):
            if "checked" in attributes:
                self.values[name] = attributes.get("value", "on")
        else:
            self.values[name] = attributes.get("value", "")

    def handle_data(self, data):
        if self.textarea is not None:
            self.values[self.textarea] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.is_inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.textarea is not None:
            # HTML takes the line break behind the opening tag for none.
            self.values[self.textarea] = self.values[self.textarea].removeprefix("\n")
            self.textarea = None


def filled_form(response, form_class):
    """{name: value} of the form with this class on a page."""
    reader = FormReader(form_class)
    reader.feed(response.content.decode())
    return reader.values
