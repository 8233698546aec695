"""Words that tell of the word beside them (data/vocabulary.txt) or the number near them (data/cues.txt)."""

from importlib.resources import files


def _read(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each class of a file with its words, in order."""
    source = files("wijkapp.clients.screening") / "data" / name
    classes: list[tuple[str, tuple[str, ...]]] = []
    for line in source.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            of, words = classes[-1]
            classes[-1] = (of, (*words, *line.split()))
        elif line.endswith(":"):
            classes.append((line[:-1], ()))
    return classes


CUES = _read("cues.txt")
CLASSES_OF_WORDS: dict[str, tuple[str, ...]] = {}
for _name, _words in _read("vocabulary.txt"):
    for _word in _words:
        CLASSES_OF_WORDS[_word] = (*CLASSES_OF_WORDS.get(_word, ()), _name)
