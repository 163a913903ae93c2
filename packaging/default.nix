# SPDX-License-Identifier: LGPL-2.1-or-later
# For Nix: "nix-build packaging". There is no /usr/lib for a bare name: LD_PRELOAD takes
# ${privtmp}/lib/libprivtmp.so, and privtmp run knows it by itself.
{ pkgs ? import <nixpkgs> { } }:

pkgs.stdenv.mkDerivation {
  pname = "privtmp";
  version = pkgs.lib.removeSuffix "\n" (builtins.head (builtins.match
    ".*AC_INIT\\(\\[privtmp], \\[([^]]*)].*" (builtins.readFile ../configure.ac)));
  src = pkgs.lib.cleanSource ../.;

  nativeBuildInputs = with pkgs; [ autoreconfHook ];
  buildInputs = with pkgs; [ elfutils ];
  nativeCheckInputs = with pkgs; [ bats ];

  configureFlags = [ "--sysconfdir=/etc" ];
  enableParallelBuilding = true;
  # The tests need a /tmp that others can write to.
  doCheck = false;

  meta = {
    description = "Private, self-removing /tmp for programs that cannot be changed";
    license = pkgs.lib.licenses.lgpl21Plus;
    platforms = pkgs.lib.platforms.linux;
    mainProgram = "privtmp";
  };
}
