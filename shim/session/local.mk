# SPDX-License-Identifier: LGPL-2.1-or-later
# The session's life: make, join, hand over, leave, reap, remove. Uses policy and core.

shim_libcore_la_SOURCES += \
	shim/session/handover.c \
	shim/session/helper.c \
	shim/session/join.c \
	shim/session/lease.c \
	shim/session/lease.h \
	shim/session/leave.c \
	shim/session/make.c \
	shim/session/remove.c \
	shim/session/remove.h \
	shim/session/session.c \
	shim/session/session.h
