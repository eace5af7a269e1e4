/** Short names of the API's objects that pages speak of. The types themselves are generated. */

import type { components } from "./schema.js";

type Schemas = components["schemas"];

export type Problem = Schemas["Problem"];
export type Me = Schemas["MeView"];
export type CurrentSession = Schemas["CurrentSession"];
export type Registration = Schemas["RegistrationView"];
export type Issuer = Schemas["IssuerView"];
export type OwnSession = Schemas["OwnSessionView"];
export type SecondFactor = Schemas["SecondFactorView"];
export type Enrolment = Schemas["EnrolmentView"];
export type PersonalToken = Schemas["PersonalTokenView"];
export type Identity = Schemas["IdentityView"];
export type User = Schemas["UserView"];
export type BlockedPerson = Schemas["BlockView"];
export type FollowedChannel = Schemas["FollowedChannelView"];
export type Invitation = Schemas["InvitationView"];
