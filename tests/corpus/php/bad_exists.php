<?php
# SPDX-License-Identifier: LGPL-2.1-or-later
# file_exists, and then a write.
#
# want: missing-exclusive /tmp/pc-out
# want: predictable-name /tmp/pc-out
# want: check-then-use /tmp/pc-out

umask(077);
if (!file_exists("/tmp/pc-out")) {
	file_put_contents("/tmp/pc-out", "x");
	unlink("/tmp/pc-out");
}
