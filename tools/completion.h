/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Completing command lines in shells. */
#ifndef PRIVTMP_COMPLETION_H
#define PRIVTMP_COMPLETION_H

#include "options.h"

/*
 * Writes what SHELL ("bash", "zsh" or "fish") needs to complete the N COMMANDS.
 * Returns the exit status.
 */
int completion(const struct command *commands, size_t n, const char *shell);

/*
 * Writes the words that there are now of a KIND: "sessions" (ids of live ones), "units" or
 * "user-units", a line each. Returns the exit status.
 */
int completion_words(const char *kind);

#endif
