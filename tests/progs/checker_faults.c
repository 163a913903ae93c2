/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tools/checker, in which what seldom fails does: as tool_faults is privtmp. */
#include "tool_faults.c"
