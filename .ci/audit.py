"""Asks whether anything locked is known to be vulnerable; says so plainly where nobody can be asked.

`audit.py REQUIREMENTS`: ends with 1 for a vulnerability, with 0 for none and also when the index cannot be asked: a
machine without a way out must be able to run the checks.
"""

import json
import subprocess
import sys

_LIMIT_SECONDS = 120.0


def main(requirements: str) -> int:
    """Runs pip-audit on what is locked, without installing it."""
    options = ["--disable-pip", "--no-deps", "--timeout", "10", "--progress-spinner", "off", "--format", "json"]
    command = [sys.executable, "-m", "pip_audit", *options, "--requirement", requirements]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LIMIT_SECONDS)
        packages = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return _say("NOT AUDITED: the index does not answer.")
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        return _say(f"NOT AUDITED: the index cannot be asked ({last[:200]}).")
    known = [package for package in packages if "skip_reason" not in package]
    for package in known:
        for found in package["vulns"]:
            fixed = ", ".join(found["fix_versions"]) or "no version yet"
            _say(f"{package['name']} {package['version']}: {found['id']}, mended in {fixed}")
    if len(known) < len(packages):
        _say(f"NOT AUDITED: the index knows nothing of {len(packages) - len(known)} of {len(packages)} packages.")
    return int(any(package["vulns"] for package in known))


def _say(sentence: str) -> int:
    print(f"pip-audit: {sentence}", file=sys.stderr)  # noqa: T201  (it is a command)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
