import { getProfileName, getSSOTokenFilepath, parseKnownFiles } from '@smithy/core/config';
import { toSsoSettings, type SsoSettings } from './settings.ts';

/**
 * The AWS config and the place of its logins, read as the SDK's own credential chain reads them, so that a login made here is the
 * one that the chain, the AWS command line and other tools find.
 */

/** The name of the profile that the chain takes. @param profile null: that of the environment, else `default` */
export const profileName = (profile: string | null): string => getProfileName(profile === null ? {} : { profile });

/** Where a profile of this machine logs in; null where it has no SSO settings, or the config can't be read. */
export async function readSsoSettings(profile: string | null): Promise<SsoSettings | null> {
  // Without the SDK's cache: people mend their config while we run.
  return toSsoSettings(await parseKnownFiles({ ignoreCache: true }), profileName(profile));
}

/** The file that the chain reads the login from. */
export const tokenFileOf = ({ session, startUrl }: SsoSettings): string => getSSOTokenFilepath(session ?? startUrl);
