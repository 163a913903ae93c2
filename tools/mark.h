/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The marks by which the shim knows a tool of ours, for one file of each: a symbol where it
 * is loaded into the tool all the same, and a note where a member executes it.
 */
#ifndef PRIVTMP_MARK_H
#define PRIVTMP_MARK_H

#include "core/image.h"

extern const char privtmp_tool;
const char privtmp_tool __attribute__((used, visibility("default"))) = 1;

static const struct image_note privtmp_note
	__attribute__((used, section(".note.privtmp"), aligned(4))) = IMAGE_TOOL_NOTE;

#endif
