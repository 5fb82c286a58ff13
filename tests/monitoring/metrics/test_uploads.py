"""The history of a metric from a file."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from monitoring.metrics import folding, pruning
from monitoring.metrics.models import Bucket, Series, Size

pytestmark = pytest.mark.django_db
URL = "/monitoring/metrics/upload/"
FILE = "day;mrr\n2025-11-18;41000\n2026-01-05 09:30;41500.5\n2026-11-17;43000\n"


@pytest.fixture
def send(signed_in, manager, frozen):
    def post(text, **more):
        content = text if isinstance(text, bytes) else text.encode()
        form = {"name": "MRR", "unit": "€", "column": "mrr", "when": "day", **more}
        return signed_in(manager).post(URL, form | {"file": SimpleUploadedFile("mrr.csv", content)})

    return post


def test_rows_of_any_age_become_days(send, now):
    assert send(FILE).url == "/monitoring/metrics/"
    folding.fold(now)
    days = Bucket.objects.filter(size=Size.DAY).order_by("start").values_list("last", flat=True)
    assert list(days) == [41000.0, 41500.5, 43000.0]
    assert (Series.objects.get().name, Series.objects.get().last_value) == ("mrr", 43000.0)


def test_a_new_one_is_called_as_people_say(send):
    send(FILE, name="Orders  today")
    assert (Series.objects.get().title, Series.objects.get().name) == ("Orders today", "orders_today")


def test_numbers_may_be_written_as_people_do(send):
    send("day;mrr\n2025-11-18;1.234,50\n2025-11-19;99,5\n2025-11-20;1e3\n")
    found = Bucket.objects.filter(size=Size.MINUTE).order_by("start").values_list("last", flat=True)
    assert list(found) == [1234.5, 99.5, 1000]


@pytest.mark.parametrize(
    ("number", "said"),
    [("1,234", "Row 2: “1,234” may mean 1234 or 1.234"), ("1e300", "is 1e+300, which is more than"), ("x,y", "no number: “x,y”")],
)  # fmt: skip
def test_it_says_which_number_cannot_be_read(send, number, said):
    assert said in send(f"day;mrr\n2025-11-18;{number}\n").text
    assert not Series.objects.exists()


def test_the_same_file_again_changes_nothing(send, now):
    for _ in range(2):
        send(FILE)
        folding.fold(now)
        pruning.prune(now + timedelta(days=1))
    assert set(Bucket.objects.filter(size=Size.DAY).values_list("n", flat=True)) == {1}


def test_nothing_is_forgotten_before_it_is_folded(send, now):
    send(FILE)
    assert pruning.prune(now) == 0
    folding.fold(now)
    assert Bucket.objects.filter(size=Size.DAY).count() == 3


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        (FILE, {"column": "arr"}, "no column “arr”; it has day, mrr"),
        (FILE + "2027-01-01;1\n", {}, "Some rows lie in the future"),
        (FILE + "soon;1\n", {}, "time in row 5 cannot be read"),
        (FILE + "2026-01-01;x\n", {}, "row 5 is no number"),
        (b"\xff\xfe", {}, "no text in UTF-8"),
        ("day;mrr\n", {}, "no row below"),
    ],
)
def test_it_says_what_is_wrong_with_a_file(send, text, more, said):
    answer = send(text, **more)
    assert answer.status_code == 200
    assert said in answer.text
    assert not Series.objects.exists()


def test_a_file_that_is_missing_is_asked_for(signed_in, manager, frozen):
    assert "“File” is still empty" in signed_in(manager).post(URL, {"name": "x"}).text
