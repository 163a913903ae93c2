# SPDX-License-Identifier: LGPL-2.1-or-later
# Calls by number, by syscall(2). Uses wrap and all below it.

shim_libprivtmp_la_SOURCES += \
	shim/syscall/gate.h \
	shim/syscall/handlers.c \
	shim/syscall/syscall.c \
	shim/syscall/table.c
