/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings from the configuration. */
#ifndef PRIVTMP_CONFIG_LOAD_H
#define PRIVTMP_CONFIG_LOAD_H

#include <stdbool.h>

#include "policy/settings.h"

/*
 * Puts what the configuration says for PROGRAM (as in struct config) under *SETTINGS, in
 * memory of its own. Returns 0, or -EINVAL where there is a mistake: SETTINGS
 * then has what is guarded, as far as that can be told.
 */
int config_load(const char *program, struct settings *settings);

/* Says in one line what the first mistake was; false where there was none. */
bool config_report(void);

#endif
