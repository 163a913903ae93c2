# SPDX-License-Identifier: LGPL-2.1-or-later
# A cache with a fixed name: whatever is there is believed to be its own from last time.
import json
import os

CACHE = "/tmp/demo-cache.json"

if not os.path.exists(CACHE):
    with open(CACHE, "w") as f:
        json.dump({"pay through": "house bank"}, f)
with open(CACHE) as f:
    print("pay through:", json.load(f)["pay through"])
