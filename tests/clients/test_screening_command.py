"""`wijkapp screen`: one answer per line at once; bad lines are counted, never repeated."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from wijkapp.clients.screen_command import screen_lines

TEXT = "bel mevrouw Pietersen op 06-12345678"


@pytest.fixture
def run(tmp_path):
    """`run(lines, allow)`: exit code, answers, what was said of bad lines."""

    def go(lines: list[str], allow: object = None):
        arguments = []
        if allow is not None:
            path = tmp_path / "allow.json"
            path.write_text(allow if isinstance(allow, str) else json.dumps(allow), encoding="utf-8")
            arguments = ["--allow", str(path)]
        done = CliRunner().invoke(screen_lines, arguments, input="\n".join(lines) + "\n")
        answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return done.exit_code, answers, done.stderr

    return go


def asked(text: str, number: int = 1) -> str:
    return json.dumps({"id": number, "text": text})


def test_a_line_is_answered_with_its_findings(run):
    code, [answer], said = run([asked(TEXT)])
    assert (code, said) == (0, "")
    assert (answer["id"], answer["level"]) == (1, "certain")
    assert {"start": 25, "end": 36, "kind": "phone", "level": "certain"} in answer["findings"]
    assert {"start": 12, "end": 21, "kind": "name", "level": "certain"} in answer["findings"]


def test_a_clean_line_says_so(run):
    code, [answer], _ = run([asked("wie kan vanavond de late dienst overnemen?")])
    assert code == 0
    assert answer == {"id": 1, "level": "clean", "findings": []}


def test_the_allow_list_counts_and_what_else_is_in_its_file_does_not_matter(run):
    allow = {
        "phones": ["06 1234 5678"],
        "emails": ["h.jansen@ziggo.nl"],
        "medical": ["Crohn"],
        "places": None,
    }
    code, answers, _ = run([asked("bel 06-12345678"), asked("mail h.jansen@ziggo.nl", 2)], allow)
    assert (code, [one["level"] for one in answers]) == (0, ["clean", "clean"])


def test_bad_lines_are_told_by_number_without_their_text(run):
    secret = "mevrouw Pietersen"
    bad = ["{" + secret, *map(json.dumps, ({"text": secret}, [secret], {"id": 1, "text": 5}))]
    code, answers, said = run([*bad, "", asked("hallo", 9)])
    assert code == 2
    assert [one["id"] for one in answers] == [9]
    assert [line.partition(":")[0] for line in said.splitlines()] == ["line 1", "line 2", "line 3", "line 4"]
    assert "Pietersen" not in said


@pytest.mark.parametrize("allow", ["{", "[]"])
def test_an_allow_file_that_cannot_be_read_is_refused(run, allow):
    code, answers, said = run([asked(TEXT)], allow)
    assert (code, answers) == (1, [])
    assert "allow.json" in said


def test_answers_come_while_the_lines_still_do():
    command = [sys.executable, "-m", "wijkapp.clients.screen_command"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        for number in (1, 2):
            running.stdin.write(asked("hallo allemaal", number) + "\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == number
        running.stdin.close()
        assert running.wait(timeout=30) == 0


def test_the_command_is_light_it_leaves_the_server_out():
    listed = (
        "import sys; sys.argv = ['wijkapp', 'screen']; import wijkapp.cli as cli; print(*cli.main.commands); "
        "print('sqlalchemy' in sys.modules or 'flask' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True).stdout
    assert "screen" in said.split()
    assert said.splitlines()[-1] == "False"
