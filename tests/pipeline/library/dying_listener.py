"""A process that says of every file how long its name is, and dies of those that are called deadly."""

from __future__ import annotations

import json
import os
import sys

if __name__ == "__main__":
    for line in sys.stdin:
        path = json.loads(line)["path"]
        if "deadly" in path:
            os._exit(1)
        sys.stdout.write(json.dumps({"letters": len(path)}) + "\n")
        sys.stdout.flush()
