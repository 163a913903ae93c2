dnl SPDX-License-Identifier: LGPL-2.1-or-later

dnl PRIVTMP_CC_FLAGS(VARIABLE, FLAGS)
dnl Substitute VARIABLE with those of FLAGS that the compiler takes without a
dnl warning (clang only warns about flags that it does not know).
AC_DEFUN([PRIVTMP_CC_FLAGS], [
  privtmp_flags=
  privtmp_saved_cflags=$CFLAGS
  for privtmp_flag in m4_normalize([$2]); do
    AC_MSG_CHECKING([whether $CC takes $privtmp_flag])
    CFLAGS="$privtmp_saved_cflags -Werror $privtmp_flag"
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
      [AC_MSG_RESULT([yes])
       privtmp_flags="$privtmp_flags $privtmp_flag"],
      [AC_MSG_RESULT([no])])
  done
  CFLAGS=$privtmp_saved_cflags
  $1=$privtmp_flags
  AC_SUBST([$1])
])
