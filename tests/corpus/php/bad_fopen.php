<?php
# SPDX-License-Identifier: LGPL-2.1-or-later
# fopen "w" of a fixed name.
#
# want: missing-exclusive /tmp/pc-out
# want: predictable-name /tmp/pc-out

umask(077);
fclose(fopen("/tmp/pc-out", "w"));
unlink("/tmp/pc-out");
