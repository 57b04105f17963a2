"""What is kept between two requests is opened only by who sealed it, and for the same purpose."""

from items.exchange.sealed import seal, unseal

VALUE = {"列": [1, 2, 3]}


def test_what_was_sealed_is_read_back_for_the_same_purpose():
    assert unseal(seal(VALUE, "表 1"), "表 1") == VALUE


def test_it_is_not_there_for_another_purpose():
    assert unseal(seal(VALUE, "表 1"), "表 2") is None


def test_nothing_and_what_somebody_changed_count_as_not_there():
    sealed = seal(VALUE, "表 1")
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    assert unseal(changed, "表 1") is None
    assert unseal(b"", "表 1") is None


def test_it_is_not_there_where_the_service_has_another_key(settings):
    sealed = seal(VALUE, "表 1")
    settings.SECRET_KEY = "another key that nobody may know, for tests only"
    assert unseal(sealed, "表 1") is None
