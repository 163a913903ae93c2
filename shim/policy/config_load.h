/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings from the configuration. */
#ifndef PRIVTMP_CONFIG_LOAD_H
#define PRIVTMP_CONFIG_LOAD_H

#include <stdbool.h>

#include "policy/settings.h"

/*
 * Fills in what *SETTINGS lacks from the configuration for PROGRAM (see struct config),
 * in static memory. Returns 0, or -EINVAL where the configuration has a mistake: then
 * *SETTINGS has what is guarded, as far as that is known.
 */
int config_load(const char *program, struct settings *settings);

/* Reports the first mistake in one line. False where there is none. */
bool config_report(void);

#endif
