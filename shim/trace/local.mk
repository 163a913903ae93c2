# SPDX-License-Identifier: LGPL-2.1-or-later
# What libprivtmp-audit.so writes down. Uses core, policy, session and route.

shim_libprivtmp_audit_la_SOURCES += \
	shim/trace/format.h \
	shim/trace/modules.c \
	shim/trace/point.c \
	shim/trace/point.h \
	shim/trace/told.c \
	shim/trace/trace.c \
	shim/trace/trace.h \
	shim/trace/watch.c
