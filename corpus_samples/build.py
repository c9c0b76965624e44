"""Builds the sample corpus: `python corpus_samples/build.py [NAME...]`, names being those of sources."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from corpus_samples._manifest import render_manifest  # noqa: E402
from corpus_samples._office import write_docx, write_pptx, write_xlsx  # noqa: E402
from corpus_samples._page import Printer, render_html, scan_pages, write_scan_pdf, write_scan_png  # noqa: E402
from corpus_samples._plain import write_delimited, write_mail, write_markdown, write_text  # noqa: E402
from corpus_samples._source import Source, SourceError, read_sources  # noqa: E402

OFFICE = {".docx": write_docx, ".pptx": write_pptx, ".xlsx": write_xlsx, ".csv": write_delimited,
          ".tsv": write_delimited, ".txt": write_text, ".md": write_markdown}


def build(folder: Path, names: list[str]) -> list[Path]:
    """Build the named sources (all without names) and the manifest below ``folder``; raises SourceError."""
    sources = read_sources(folder / "sources")
    manifest = render_manifest(sources)
    chosen = _choose(sources, names)
    built = []
    with Printer() as printer:
        # Mails last: they carry files built before them.
        for source in sorted(chosen, key=lambda one: "mail" in one.meta):
            for output in source.outputs:
                path = folder / output
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(path, source, printer, folder)
                built.append(path)
                print(f"{path.stat().st_size / 1000:8.1f} kB  {output}", flush=True)
    (folder / "manifest.toml").write_text(manifest, encoding="utf-8")
    return built


def _choose(sources: list[Source], names: list[str]) -> list[Source]:
    wanted = {name.removesuffix(".md") for name in names}
    known = {source.name.removesuffix(".md") for source in sources}
    if unknown := sorted(wanted - known):
        raise SourceError(f"{unknown[0]}: no such source; known are {', '.join(sorted(known))}")
    return [source for source in sources if not wanted or source.name.removesuffix(".md") in wanted]


def _write(path: Path, source: Source, printer: Printer, folder: Path) -> None:
    if path.suffix in OFFICE:
        OFFICE[path.suffix](path, source)
    elif path.suffix == ".html":
        path.write_text(render_html(source), encoding="utf-8")
    elif path.suffix == ".eml":
        write_mail(path, source, folder)
    elif path.suffix == ".png":
        write_scan_png(path, scan_pages(source, printer.pdf(source)))
    elif source.meta.get("layout") == "scan":
        write_scan_pdf(path, source, scan_pages(source, printer.pdf(source)))
    else:
        path.write_bytes(printer.pdf(source))


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; 1 where a source is refused, with the reason on stderr."""
    parser = argparse.ArgumentParser(description="Build the sample corpus from its sources.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="sources to build; all when none is named")
    try:
        built = build(HERE, parser.parse_args(arguments).names)
    except SourceError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{len(built)} files, {sum(path.stat().st_size for path in built) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
