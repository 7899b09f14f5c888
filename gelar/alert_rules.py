"""The alerts of Prometheus as a resource of its operator, made of the plain file of rules.

Called by `gelar docs`. The plain file is what `promtool` reads; kustomize cannot put a file into
another resource. A test fails when the committed resource differs from what this makes.
"""

from pathlib import Path

FOLDER = Path("deploy/k8s/components/monitoring")
RULES, RESOURCE = FOLDER / "rules.yaml", FOLDER / "prometheus-rule.yaml"
HEAD = """# Made of rules.yaml by `make docs`; do not edit.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: gelar
spec:
"""


def resource(rules: str) -> str:
    """Return the PrometheusRule with these rules."""
    begin = rules.index("groups:")
    lines = rules[begin:].splitlines()
    return HEAD + "".join(f"  {line}\n" if line else "\n" for line in lines)
