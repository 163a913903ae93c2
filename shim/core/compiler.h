/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Attributes and hints for the compiler. */
#ifndef PRIVTMP_COMPILER_H
#define PRIVTMP_COMPILER_H

#define PRIVTMP_HIDDEN __attribute__((visibility("hidden")))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/*
 * Not instrumented by the sanitizers: the function reads past a string's end, within
 * the page; or the sanitizers' run-time calls it before it is ready.
 */
#if defined __clang__ || __GNUC__ >= 8
#define NO_SANITIZE __attribute__((no_sanitize("address", "thread")))
#else
#define NO_SANITIZE __attribute__((no_sanitize_address, no_sanitize_thread))
#endif

#endif
