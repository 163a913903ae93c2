<?php
# SPDX-License-Identifier: LGPL-2.1-or-later
# Exclusive, but of a fixed name.
#
# want: predictable-name /tmp/pc-out

umask(077);
fclose(fopen("/tmp/pc-out", "x"));
unlink("/tmp/pc-out");
