"""What a push may look like, and the sentence for what it may not."""

import json

import pytest

from monitoring.metrics import parsing_json, parsing_text
from monitoring.metrics.samples import BadPush, Sample, Window

NOW = 1_795_000_000_000
WINDOW = Window(NOW)


def test_it_reads_one_sample_of_json():
    assert parsing_json.read('{"name": "queue", "value": 3}', WINDOW) == [Sample("queue", (), 3.0)]


def test_it_reads_a_list_with_all_fields():
    labels = {"b": "x", "a": 2}
    text = json.dumps(
        [{"name": "a", "value": 1, "labels": labels, "at": NOW // 1000, "kind": "counter", "unit": "ms"}]
    )
    assert parsing_json.read(text, WINDOW) == [
        Sample("a", (("a", "2"), ("b", "x")), 1.0, NOW, "counter", "ms")
    ]


@pytest.mark.parametrize(
    "at", ['"2026-11-18T08:00:00Z"', '"2026-11-18T09:00:00+01:00"', "1794988800", "1794988800000"]
)
def test_it_reads_times_as_people_write_them(at):
    window = Window(1_794_988_800_000)
    assert parsing_json.read(f'{{"name":"a","value":1,"at":{at}}}', window)[0].at == 1_794_988_800_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1", "line 1, column 3"),
        ('[{"name":"a","value":1},{"name":"b"}]', "sample 2: “value” of b is missing"),
        ('{"value":1}', "“name” is missing"),
        ('{"name":"a","value":true}', "no number"),
        ('{"name":"a","value":NaN}', "no value that can be kept"),
        ('{"name":"a","value":1e999}', "no value that can be kept"),
        ('{"name":"a","value":' + "9" * 400 + "}", "too large"),
        ('{"name":"a","value":1,"wert":2}', "“wert” is not known"),
        ('{"name":"9 lives","value":1}', "is no name"),
        ('{"name":"a","value":1,"labels":{"x":[]}}', "the label “x” is no text"),
        ('{"name":"a","value":1,"labels":{"x":"a\\u0000"}}', "a value that is too long or no text"),
        ('{"name":"a","value":1,"at":"soon"}', "“at” is no time"),
        ('{"name":"a","value":1,"at":1795000090}', "lies in the future"),
        ('{"name":"a","value":1,"at":1794900000}', "is older than 1 day"),
        ('{"name":"a","value":1,"at":-4e14}', "is older than"),
        ("3", "write an object"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_it_says_what_is_wrong_with_json(text, said):
    with pytest.raises(BadPush, match=said):
        parsing_json.read(text, WINDOW)


PAGE = f"""# HELP http_requests_total Requests.
# TYPE http_requests_total counter
http_requests_total{{method="post",code="200"}} 1027 {NOW}
http_requests_total{{code="400", method="post",}}    3
# TYPE temperature gauge
temperature -3.5e1

wait_seconds_count 17
"""


def test_it_reads_the_text_format():
    post, bad, temperature, count = parsing_text.read(PAGE, WINDOW)
    assert post == Sample(
        "http_requests_total", (("code", "200"), ("method", "post")), 1027.0, NOW, "counter"
    )
    assert (bad.at, bad.kind, bad.labels) == (None, "counter", (("code", "400"), ("method", "post")))
    assert (temperature.value, temperature.kind, count.kind) == (-35.0, "gauge", "")


def test_it_takes_what_is_odd_as_the_library_does():
    text = 'a{path="C:\\\\DIR",said="\\"x}\\""} 1\nb NaN\nc +Inf\n  d   4  \r'
    assert [(s.name, s.labels) for s in parsing_text.read(text, WINDOW)] == [
        ("a", (("path", "C:\\DIR"), ("said", '"x}"'))),
        ("d", ()),
    ]


def test_sums_and_counts_of_a_histogram_are_counters():
    text = '# TYPE wait histogram\nwait_bucket{le="1"} 3\nwait_sum 4\nwait_count 3\n'
    assert {s.kind for s in parsing_text.read(text, WINDOW)} == {"counter"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a", "line 2: this is no sample"),
        ("a b", "line 2: this is no sample"),
        ("a 1-2", "line 2: “1-2” is no number"),
        ('a{b="1",b="2"} 3', "line 2: a has a label twice"),
        ("a{b=1} 3", "line 2: the labels of a cannot be read"),
        ("a 1 99999999999999", "line 2: .* lies in the future"),
        ("a 1 1", "line 2: 1970-01-01T00:00:00Z is older"),
        ('{"a" 1', "line 2"),
        ("a 1e400", "line 2: .* no value that can be kept"),
    ],
)
def test_it_names_the_line_that_is_wrong(line, said):
    with pytest.raises(BadPush, match=said):
        parsing_text.read(f"fine 1\n{line}\n", WINDOW)


OPEN = f"""# TYPE requests counter
requests_total{{code="200"}} 5.0 {NOW / 1000} # {{trace_id="a # b"}} 0.67
requests_created{{code="200"}} 1520430000.1
# TYPE load gauge
load{{a="x\\"y"}} 1 {NOW / 1000} # {{id="c"}} 1
# TYPE wait_seconds histogram
# UNIT wait_seconds seconds
wait_seconds_bucket{{le="1.0"}} 8 # {{}} 0.054
wait_seconds_bucket{{le="+Inf"}} 17 # {{id="d"}} 9.8 1520879607.789
wait_seconds_count 17
wait_seconds_sum 32.5
# EOF
"""


def test_it_reads_open_metrics():
    found = {s.name: s for s in parsing_text.read(OPEN, WINDOW)}
    assert found.keys() == {
        "requests_total",
        "load",
        "wait_seconds",
        "wait_seconds_count",
        "wait_seconds_sum",
    }
    assert (found["requests_total"].kind, found["requests_total"].at) == ("counter", NOW)
    assert (found["load"].labels, found["load"].at) == ((("a", 'x"y'),), NOW)
    assert [found[f"wait_seconds{end}"].unit for end in ("", "_sum", "_count")] == ["s", "s", ""]
    read = found["wait_seconds"].buckets
    assert read and read.counts == (8, 17)


def test_a_content_type_says_that_times_are_seconds():
    [sample] = parsing_text.read(f"a 1 {NOW // 1000}", WINDOW, "application/openmetrics-text; version=1.0.0")
    assert sample.at == NOW


def test_it_says_that_seconds_are_no_milliseconds():
    with pytest.raises(BadPush, match="write milliseconds, not seconds"):
        parsing_text.read(f"a 1 {NOW // 1000}", WINDOW)


def test_what_is_spared_may_be_wrong_and_so_may_times():
    page = f'good 1\nlong{{a="{"x" * 300}"}} 1\nold 1 {NOW - 200_000_000}\n'
    assert [s.name for s in parsing_text.read(page, WINDOW, "", lambda name: name == "long")] == ["good"]
    with pytest.raises(BadPush, match="line 2: the label a"):
        parsing_text.read(page, WINDOW, "", lambda _: False)
