# SPDX-License-Identifier: LGPL-2.1-or-later
# Settings and the configuration, what is guarded and shared, the view's algebra.
# Uses core.

shim_libcore_la_SOURCES += \
	shim/policy/compose.c \
	shim/policy/config.c \
	shim/policy/config.h \
	shim/policy/config_load.c \
	shim/policy/config_text.c \
	shim/policy/config_text.h \
	shim/policy/names.c \
	shim/policy/policy.c \
	shim/policy/policy.h \
	shim/policy/start.c \
	shim/policy/view.c \
	shim/policy/view.h
