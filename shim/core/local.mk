# SPDX-License-Identifier: LGPL-2.1-or-later
# System calls of our own, reports, and what every room may use. Uses none of the others.

shim_libcore_la_SOURCES += \
	shim/core/character.c \
	shim/core/character.h \
	shim/core/compiler.h \
	shim/core/errno_place.h \
	shim/core/guard.c \
	shim/core/hole.h \
	shim/core/image.c \
	shim/core/image.h \
	shim/core/initial_stack.h \
	shim/core/layout.h \
	shim/core/libc.h \
	shim/core/newer.h \
	shim/core/older.c \
	shim/core/older.h \
	shim/core/older_random.c \
	shim/core/other_size.h \
	shim/core/owner.c \
	shim/core/owner.h \
	shim/core/raw.h \
	shim/core/report.c \
	shim/core/report.h \
	shim/core/report_log.c \
	shim/core/report_log.h \
	shim/core/seccomp.c \
	shim/core/seccomp.h \
	shim/core/signals.h \
	shim/core/sys.c \
	shim/core/sys.h \
	shim/core/unfortified.h \
	shim/core/valgrind.h
if HOLES
shim_libcore_la_SOURCES += shim/core/hole.c
endif
if COVERAGE
shim_libprivtmp_la_SOURCES += shim/core/coverage.c
tools_reaper_SOURCES += shim/core/coverage.c
tools_privtmp_door_SOURCES += shim/core/coverage.c
tools_privtmp_SOURCES += shim/core/coverage.c
tools_checker_SOURCES += shim/core/coverage.c
tools_where_SOURCES += shim/core/coverage.c
endif
