/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings of a configuration that do not go together, though each line is right. */
#ifndef PRIVTMP_CLASH_H
#define PRIVTMP_CLASH_H

#include "policy/config.h"

/*
 * Calls SINK with a line of CONFIG_WRONG for each part of the configuration (what is outside
 * of sections, and each section) by which no session can be made; its place is the last of
 * the lines concerned. FILE: a file instead of the system's, which is read at the path AT,
 * twice; NULL: these. Mistakes of single lines are left to config_read.
 */
void clash_find(const char *file, const char *at, config_sink *sink, void *arg);

#endif
