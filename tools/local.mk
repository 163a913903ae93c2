# SPDX-License-Identifier: LGPL-2.1-or-later
# What people run.

TOOL_CPPFLAGS = $(AM_CPPFLAGS) \
	-DLIBDIR='"$(libdir)"' -DLIBEXECDIR='"$(pkglibexecdir)"'

EXTRA_DIST += tools/build tools/check tools/check-all tools/deps tools/try \
	$(found_demo)
found_demo = $(call found,tools/demo)
