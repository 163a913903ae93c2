/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Completing command lines in shells. */
#ifndef PRIVTMP_COMPLETION_H
#define PRIVTMP_COMPLETION_H

#include "options.h"

/*
 * Writes the completion script for the N COMMANDS in SHELL ("bash", "zsh" or "fish").
 * Returns the exit status.
 */
int completion(const struct command *commands, size_t n, const char *shell);

/*
 * Writes the words that there are now of a KIND: "sessions" (ids of live ones), "units" or
 * "user-units", a line each; of another KIND it reports. Returns the exit status.
 */
int completion_words(const char *kind);

#endif
